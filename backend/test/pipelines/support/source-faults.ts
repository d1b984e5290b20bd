/** A source file that is not as it must be. */
export interface SourceFault {
  name: string;
  pipeline: string;
  file: string;
  /** Null: the file is missing. */
  content: string | null;
  /** Step to go on from once it is mended. */
  retryFrom: string;
}

const SALES = 'sales/2020-01-01/sales.csv';
const PROFILES = 'customer_profiles.csv';

const sales = (name: string, content: string | null): SourceFault => ({
  name,
  pipeline: 'load-sales-data',
  file: SALES,
  content,
  retryFrom: 'load-month',
});
const profiles = (name: string, content: string | null): SourceFault => ({
  name,
  pipeline: 'load-client-data',
  file: PROFILES,
  content,
  retryFrom: 'load-profiles',
});

/** What sources do wrong, each in a file of a month and in one of customers. */
export const sourceFaults: readonly SourceFault[] = [
  sales('missing', null),
  sales('cut off within a line', 'idx,value,date,store_idx\n1,1.5,2020-01-01,1\n2,2.5,20'),
  sales('another column', 'idx,value,day,store_idx\n1,1.5,2020-01-01,1\n'),
  sales('a row twice', 'idx,value,date,store_idx\n1,1.5,2020-01-01,1\n1,1.5,2020-01-01,1\n'),
  sales(
    'a row of another month',
    'idx,value,date,store_idx\n1,1.5,2020-02-01,1\n2,1,2020-01-02,1\n3,4,2020-01-15,2\n',
  ),
  sales(
    'a store that is not there',
    'idx,value,date,store_idx\n1,1.5,2020-01-01,7\n2,1,2020-01-02,1\n3,4,2020-01-15,2\n',
  ),
  sales('empty', ''),
  profiles('missing', null),
  profiles('cut off within a line', 'idx,attr_a,attr_b,attr_c\n0,3,c,yes\n1,4'),
  profiles('another column', 'idx,attr_a,attr_b,attr_x\n0,3,c,yes\n'),
  profiles('a row twice', 'idx,attr_a,attr_b,attr_c\n0,3,c,yes\n0,3,c,yes\n1,4,d,no\n'),
  profiles('two thirds of the rows gone', 'idx,attr_a,attr_b,attr_c\n0,3,c,yes\n'),
];
