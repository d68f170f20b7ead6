-- What was read before from digests that are read again in this load (--force): it gives way to what is read now.
delete from source_header
where source_file_key in (select source_file_key from staged_file);

delete from rejected_record
where source_file_key in (select source_file_key from staged_file);

delete from fact_listing
where source_file_key in (select source_file_key from staged_file);

delete from source_file
where source_file_key in (select source_file_key from staged_file);
