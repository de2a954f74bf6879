; not yet: The first exit is for a port
        dd      CPU_CONTROLS, MSR_VMX_TRUE_CPU, CPU_HLT + CPU_IO
