-- Hostile queries, one a line after a tab: the family, the query. Families: A files, B dynamic SQL,
-- C writing while reading, D exhaustion, E metadata and oracles, F policy. Names in braces are paths
-- of the test's own home: secret (a text file), raw (a Parquet file nobody may see), personal (one
-- with all columns), mine (one that the worker may read), out (a file that is not there), lake.
A	select * from read_text('{secret}')
A	select content from read_blob('{secret}')
A	select * from read_csv('{secret}')
A	select * from read_csv_auto('{secret}')
A	select * from read_csv('{secret}', header = false, columns = {'a': 'varchar'})
A	select * from sniff_csv('{secret}')
A	select * from read_json('{secret}')
A	select * from read_json_auto('{secret}')
A	select * from read_json_objects('{secret}')
A	select * from read_ndjson('{secret}')
A	select * from read_parquet('{raw}')
A	select * from read_parquet(['{raw}', '{personal}'])
A	select * from parquet_scan('{personal}')
A	select * from parquet_metadata('{personal}')
A	select * from parquet_schema('{raw}')
A	select * from parquet_file_metadata('{raw}')
A	select * from parquet_kv_metadata('{raw}')
A	select * from parquet_full_metadata('{raw}')
A	select * from parquet_bloom_probe('{raw}', 'email', 'x')
A	select * from parquet_metadata('{mine}')
A	select stats_min, stats_max from parquet_metadata('{mine}')
A	select * from read_duckdb('{out}')
A	select * from glob('{lake}/**')
A	select * from glob('/*')
A	select * from '{secret}'
A	from '{raw}'
A	from '{lake}/raw/customers/*.parquet'
A	select * from "{personal}"
A	from 'http://127.0.0.1:9/x.parquet'
A	select * from read_csv('https://127.0.0.1:9/x.csv')
A	select * from 's3://bucket/x.parquet'
A	select * from read_text('/proc/self/environ')
A	select * from read_text('/proc/1/environ')
A	select * from read_blob('/proc/self/maps')
A	select * from read_text('/proc/self/cmdline')
A	select * from read_text('/etc/passwd')
A	select * from read_text('../../../../../../etc/passwd')
A	copy (select * from customers) to '{out}'
A	copy customers to '{out}' (format csv)
A	copy (select 1) to '{mine}' (format parquet)
A	copy (select 1) to '{raw}' (format parquet)
A	copy (select 1) to '{lake}/raw/customers/_delta_log/00000000000000000009.json'
A	copy customers from '{secret}'
A	export database '{out}'
A	import database '{lake}'
A	attach '{out}' as stolen
A	attach ':memory:' as aside
A	attach '{lake}/x.sqlite' as s (type sqlite)
A	attach 'host=127.0.0.1 dbname=x' as p (type postgres)
A	install httpfs
A	force install spatial from community
A	load httpfs
A	load '{out}'
A	create secret s (type s3, key_id 'a', secret 'b')
A	create persistent secret s (type s3, key_id 'a', secret 'b')
A	pragma profiling_output = '{out}'
A	set profiling_output = '{out}'
A	call enable_logging(storage = 'file', storage_path = '{out}')
A	call enable_profiling(save_location = '{out}')
A	set enable_external_access = true
A	set allowed_paths = ['/']
A	set allowed_directories = ['/']
A	set lock_configuration = false
A	reset lock_configuration
A	set temp_directory = '{out}'
A	set home_directory = '{lake}'
A	set secret_directory = '{lake}'
A	set extension_directory = '{lake}'
A	set autoload_known_extensions = true
A	set memory_limit = '100GB'
A	set threads = 64
A	set python_enable_replacements = true
A	set custom_extension_repository = 'http://127.0.0.1:9'
A	select getenv('OMNIX_CANARY')
A	select * from which_secret('s3://x', 's3')
A	select * from duckdb_secrets()
B	select * from query('select * from raw.customers')
B	select * from query('select ' || '* from read_text(''{secret}'')')
B	select * from query_table('customers')
B	select * from query_table(['customers', 'raw.customers'])
B	select * from json_execute_serialized_sql(json_serialize_sql('select * from customers'))
B	select json_execute_serialized_sql('x')
B	pragma json_execute_serialized_sql('x')
B	select getvariable('x')
B	set variable x = 1
B	prepare p as select * from customers
B	execute p
B	execute immediate 'select 1'
B	create macro m() as table select * from read_text('{secret}')
B	create temp macro f(x) as x
B	create temp view customers as select 1
B	create or replace view curated.customers as select * from read_parquet('{personal}')
B	create temp table t as select * from customers
B	select * from histogram('customers', 'email')
B	select * from histogram_values('customers', 'email')
B	from summary((select * from customers))
B	pivot customers on country_code using count(*)
B	select * from (pivot customers on country_code using count(*))
B	unpivot customers on columns(*) into name k value v
B	select * from (unpivot customers on columns(*))
B	select * from seq_scan('customers')
B	select * from python_map_function(1)
B	select * from pandas_scan(1)
B	select * from arrow_scan(1, 2, 3)
B	select * from arrow_scan_dumb(1, 2, 3)
B	select json_serialize_sql('select 1')
B	select * from customers where customer_id = $1
B	select ?
B	select * from repeat_row(1, num_rows = 10)
B	select * from test_all_types()
C	with d as (delete from customers returning *) select * from d
C	with d as (insert into customers select * from customers returning *) select * from d
C	with d as (update customers set customer_id = 'x' returning *) select * from d
C	with d as (merge into customers using orders on true when matched then delete returning *) select * from d
C	select * from (delete from customers returning *)
C	delete from customers
C	update customers set customer_id = 'x'
C	insert into customers values (1)
C	merge into customers using orders on true when matched then delete
C	truncate customers
C	drop table customers
C	drop view curated.customers
C	drop schema curated cascade
C	alter table customers add column x int
C	create table x (a int)
C	create table x as select * from customers
C	create sequence s
C	create schema s
C	create type t as enum ('a')
C	create index i on customers (customer_id)
C	create trigger t after insert on customers execute select 1
C	comment on table customers is 'x'
C	select nextval('s')
C	select currval('s')
C	select setseed(0.5)
C	checkpoint
C	force checkpoint
C	vacuum
C	analyze
C	begin
C	begin transaction; select 1
C	commit
C	rollback
C	select 1; drop table customers
C	select 1; select * from read_text('{secret}')
C	; ; delete from customers ; select 1
C	select * into x from customers
C	select * from customers for update
C	explain analyze delete from customers
C	use memory
C	detach memory
C	call force_checkpoint()
C	select write_log('x')
C	kill 1
C	deallocate all
E	select * from duckdb_tables()
E	select * from duckdb_columns()
E	select * from duckdb_views()
E	select sql from duckdb_views()
E	select * from duckdb_databases()
E	select * from duckdb_settings()
E	select * from duckdb_functions()
E	select * from duckdb_extensions()
E	select * from duckdb_external_file_cache()
E	select * from duckdb_logs()
E	select * from duckdb_memory()
E	select * from duckdb_temporary_files()
E	select * from duckdb_variables()
E	select * from duckdb_prepared_statements()
E	select * from pragma_storage_info('customers')
E	select * from pragma_table_info('customers')
E	select * from pragma_metadata_info()
E	select * from pragma_database_size()
E	select * from pragma_user_agent()
E	select * from pragma_version()
E	pragma database_list
E	pragma show_tables
E	pragma table_info('customers')
E	pragma storage_info('customers')
E	select * from information_schema.tables
E	select * from information_schema.columns
E	select * from pg_catalog.pg_tables
E	select * from pg_class
E	select * from sqlite_master
E	select * from system.information_schema.tables
E	show tables
E	show all tables
E	show databases
E	describe customers
E	describe
E	summarize customers
E	select * from (describe customers)
E	select * from (show tables)
E	select * from (summarize customers)
E	explain select * from customers
E	explain analyze select * from customers
E	select current_setting('allowed_paths')
E	select current_setting('memory_limit')
E	select current_user
E	select user
E	select session_user
E	select current_database()
E	select current_schema()
E	select current_schemas(true)
E	select current_query()
E	select version()
E	select txid_current()
E	select current_connection_id()
E	select pg_get_viewdef(1)
E	select stats(customer_id) from customers
E	select vector_type(customer_id) from customers
E	select cast(email as int) from customers
E	select error(email) from customers
E	select email from customers
E	select case when email like 'c%' then error('x') end from customers
E	select case when (select count(*) from raw.customers) > 0 then 1 end
E	select sleep_ms(10000)
E	select pg_sleep(10)
E	select 'customers'::regclass
E	select has_table_privilege('raw.customers', 'select')
E	select col_description(1, 1)
F	select * from raw.customers
F	select * from raw_customers
F	select * from quarantine.customers
F	select * from curated.raw.customers
F	select * from memory.curated.customers
F	select * from system.main.customers
F	select * from temp.customers
F	select email as e from customers
F	select customers.email from customers
F	select c.email from curated.customers c
F	select "email" from customers
F	select columns('email') from customers
F	select columns('.*mail.*') from customers
F	select columns(c -> c like '%mail%') from customers
F	select * exclude (customer_id) from customers
F	select * replace (email as customer_id) from customers
F	select * rename (email as x) from customers
F	select struct_pack(t.*) from customers t
F	select to_json(t) from customers t
F	select t from customers t
F	select row(t.*) from customers t
F	select customers from customers
F	select struct_extract(t, 'email') from customers t
F	select t['email'] from customers t
F	select t.email from (select c from customers c) s(t)
F	select json_extract(to_json(t), '$.email') from customers t
F	select list(t) from customers t
F	select * from customers natural join (select 'x' as email)
F	select * from customers join customers b using (email)
F	select * from customers order by email
F	select count(*) from customers group by email
F	select max(email) from customers
F	select count(*) from customers having max(email) > 'a'
F	select row_number() over (order by email) from customers
F	select 1 from customers where email like 'canary%'
F	select (select email from customers limit 1)
F	select * from customers at (version => 0)
F	with customers as (select * from raw.customers) select * from customers
F	with recursive r as (select * from customers union all select * from raw.customers) select * from r
F	select unnest(t) from customers t
F	select unnest(to_json(t)) from customers t
F	select hash(email) from customers
F	select file_row_number from customers
F	select filename from customers
F	select _row from customers
F	select rowid from customers
