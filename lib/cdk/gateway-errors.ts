/** What API Gateway refuses by itself is answered in the shape that the API answers with, so that callers have one to read. */
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface GatewayError {
  readonly type: ResponseType;
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

const gatewayErrors: readonly GatewayError[] = [
  {
    type: ResponseType.INVALID_API_KEY,
    status: '401',
    code: 'key.unknown',
    message: 'Send your API key in the header x-api-key.',
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    code: 'route.unknown',
    message: 'There is nothing at this path.',
  },
  {
    type: ResponseType.THROTTLED,
    status: '429',
    code: 'api.throttled',
    message: 'Too many calls at once; try again in a second.',
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: '429',
    code: 'api.quota_exceeded',
    message: 'The quota of this API key is used up.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    code: 'body.too_large',
    message: 'The body is too large.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: '503',
    code: 'api.unavailable',
    message: 'The API does not answer; try again.',
  },
];

export function addGatewayErrors(api: RestApi): void {
  for (const { type, status, code, message } of gatewayErrors) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: status,
      templates: { 'application/json': JSON.stringify({ error: { code, message } }) },
    });
  }
}
