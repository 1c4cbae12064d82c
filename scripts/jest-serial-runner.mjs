// Jest takes a default export: the runner of suites that measure time, one after the other with nothing beside them.
import TestRunner from 'jest-runner';

export default class SerialRunner extends TestRunner {
  isSerial = true;
}
