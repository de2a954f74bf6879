; not yet: CR3 is the guest's own: both kernels and both programs run
        dd      CPU_CONTROLS, MSR_VMX_CPU, CPU_HLT + CPU_INVLPG + CPU_CR3_LOAD + CPU_CR3_STORE + CPU_IO + CPU_SECONDARY
