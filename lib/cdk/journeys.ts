/** The journeys of a folder: each version becomes a state machine, and the engine is told of all of them. */
import { Construct } from 'constructs';
import { Journey } from './journey.ts';
import type { Kalcifer } from './kalcifer.ts';
import { Registration } from './registration.ts';
import { versionFiles } from './version-file.ts';

export interface JourneysProps {
  /** The engine that runs them. */
  readonly kalcifer: Kalcifer;
  /** Holds `<journey>/v<N>.journey.json`, and beside each the compiled `v<N>.asl.json`. */
  readonly folder: string;
  /**
   * Holds message templates, `<id>.liquid`.
   *
   * @default - templates are saved through the API
   */
  readonly templates?: string;
}

export class Journeys extends Construct {
  readonly journeys: readonly Journey[];

  constructor(scope: Construct, id: string, props: JourneysProps) {
    super(scope, id);
    const { kalcifer, folder, templates } = props;
    this.journeys = versionFiles(folder).map(
      ({ journey, version, graphFile }) =>
        // This id must stay: by another one, the state machine would be made anew.
        new Journey(this, `${journey}-v${version}`, { kalcifer, file: graphFile }),
    );
    new Registration(this, 'Registration', {
      kalcifer,
      journeys: this.journeys,
      ...(templates === undefined ? {} : { templates }),
    });
  }
}
