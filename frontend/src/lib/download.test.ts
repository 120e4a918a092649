import { expect, it } from 'vitest';

import { toCsv } from './download';

it('writes CSV that spreadsheets read and do not run', () => {
  const csv = toCsv(['name', 'rows'], [['a,"b"', 1], ['=HYPERLINK("x")', -2], ['שלום', null], ['-1', true]]);
  expect(csv).toBe('\ufeffname,rows\r\n"a,""b""",1\r\n"\'=HYPERLINK(""x"")",-2\r\nשלום,\r\n\'-1,true\r\n');
});
