/** A folder, file or option that no data set can be made or read from; the message is for the person who typed it. */
export class DatasetError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatasetError';
  }
}
