/** The package ships no types of its own. */
declare module 'asl-validator' {
  export default function aslValidator(definition: object): {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  };
}
