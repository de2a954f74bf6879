; not yet: It has left once, to halt
        dd      CR3_TARGET_COUNT, 2
