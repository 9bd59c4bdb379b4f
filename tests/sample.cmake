# The sample in the repository is what the generator writes.
execute_process(COMMAND ${GENERATE} 4000 ndjson 1 20 OUTPUT_FILE sample.ndjson COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files sample.ndjson ${SAMPLES}/access.ndjson COMMAND_ERROR_IS_FATAL ANY)
