/** A service that tests use, and what global teardown does with it. */
export interface RunningService {
  readonly url: string;
  stop(): Promise<void>;
}
