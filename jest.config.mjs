export default {
  projects: [
    '<rootDir>/datascience/inference',
    '<rootDir>/datascience/mlflow',
    '<rootDir>/datascience/training',
    '<rootDir>/backend',
  ],
};
