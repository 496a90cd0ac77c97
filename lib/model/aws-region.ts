/** How a region of AWS is written: `eu-central-1`, `us-gov-west-1`. */
export const AWS_REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/;
