        dd      CR3_TARGET_COUNT, 2, CR3_TARGET_0, count_directory, CR3_TARGET_1, hello_directory
