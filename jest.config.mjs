export default {
  // Two at a time, each given back its memory once it is large: TensorFlow and image tests would pile it up.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  // Jest reads this here alone, not in a project's configuration; a busy machine takes its time.
  testTimeout: 60_000,
  projects: [
    '<rootDir>/datascience/inference',
    '<rootDir>/datascience/mlflow',
    '<rootDir>/datascience/training',
    '<rootDir>/backend',
    '<rootDir>/scripts',
  ],
};
