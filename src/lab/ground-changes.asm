; Behind ground.asm: what a trial changes, and where the transfers of the trials lead.

;@ goal the one change
vary_nothing:
        ret
vary_gdtr:
        lgdt    [gdtr_b]
        ret
vary_idtr:
        lidt    [idtr_b]
        ret
vary_ldtr:
        mov     eax, LDT_B
        lldt    ax
        ret
vary_tr:
        mov     eax, TSS_B
        ltr     ax
        ret
vary_cr0:
        mov     eax, cr0
        xor     eax, 10                         ; MP and TS
        mov     cr0, eax
        ret
vary_cr2:
        mov     eax, 0C0DEh
        mov     cr2, eax
        ret
vary_cr3:
        mov     eax, directory_b
        mov     cr3, eax
        ret
vary_cr4:
        mov     eax, cr4
        xor     eax, 8                          ; DE
        mov     cr4, eax
        ret
vary_dr:
        mov     eax, 0C0DE0000h
        mov     dr0, eax
        mov     dr1, eax
        mov     dr2, eax
        mov     dr3, eax
        ret
vary_msr:
        mov     ecx, 174h
        mov     eax, CODE + ALIAS
        xor     edx, edx
        wrmsr
        mov     ecx, 175h
        mov     eax, kernel_stack_b
        wrmsr
        mov     ecx, 176h
        mov     eax, landing_b
        wrmsr
        ret
vary_if:
        or      dword [eflags], EFLAGS_IF
        ret
vary_iopl:
        or      dword [eflags], 3 << 12
        ret
vary_es:
        mov     edi, es_image
        jmp     other_data
vary_cs:
        add     dword [cs_image], ALIAS
        ret
vary_ss:
        add     dword [ss_image], ALIAS
        ret
vary_ds:
        mov     edi, ds_image
        jmp     other_data
vary_fs:
        mov     edi, fs_image
        jmp     other_data
vary_gs:
        mov     edi, gs_image
; The same bytes under another selector: with RPL 0, and in ring 0 by ring 0's own segment.
other_data:
        mov     dword [edi], DATA + 3 * RING
        cmp     dword [ebx], 0
        jne     .done
        mov     dword [edi], DATA
.done:  ret
vary_ports:
        mov     al, 5Ah
        out     SCRATCH_PORT, al
        ret
vary_tsc:
        mov     ecx, 100                        ; time goes by
.wait:  loop    .wait
        ret
vary_everything:
        call    vary_gdtr
        call    vary_idtr
        call    vary_ldtr
        call    vary_tr
        call    vary_cr0
        call    vary_cr2
        call    vary_cr3
        call    vary_cr4
        call    vary_dr
        call    vary_msr
        call    vary_iopl
        call    vary_es
        call    vary_cs
        call    vary_ss
        call    vary_ds
        call    vary_fs
        call    vary_gs
        call    vary_ports
        jmp     vary_tsc
vary_vmcs_pointer:
        vmptrld [vmcs_b_at]
        ret
vary_vmcs:
        mov     eax, 681Eh                      ; guest RIP
        mov     ecx, 0C0DEh
        vmwrite eax, ecx
        ret
vary_gif:
        clgi
        ret

;@ goal VMX operation, once
enter_vmx:
        mov     eax, cr4
        test    eax, 1 << 13
        jnz     .current
        or      eax, 1 << 13
        mov     cr4, eax
        mov     eax, cr0
        or      eax, 1 << 5
        mov     cr0, eax
        mov     ecx, 3Ah                        ; IA32_FEATURE_CONTROL: lock, and VMXON outside SMX
        rdmsr
        test    al, 1
        jnz     .locked
        or      eax, 5
        wrmsr
.locked:
        mov     ecx, 480h                       ; IA32_VMX_BASIC: the revision
        rdmsr
        mov     [vmxon_region], eax
        mov     [vmcs_a], eax
        mov     [vmcs_b], eax
        mov     [vmcs_c], eax
        vmxon   [vmxon_at]
        vmclear [vmcs_b_at]
.current:
        vmclear [vmcs_a_at]
        vmptrld [vmcs_a_at]
        ret

enable_svm:
        mov     ecx, 0C0000080h                 ; EFER
        rdmsr
        or      eax, 1 << 12                    ; SVME
        wrmsr
        mov     ecx, 0C0010117h                 ; VM_HSAVE_PA
        mov     eax, hsave
        xor     edx, edx
        wrmsr
        stgi
        ret

stop:   cli
        hlt
        jmp     stop

; A monitor of VT-x, and one of AMD-V, whose guest is in front of the instruction.
host_vmx:
        vmlaunch
host_svm:
        vmrun
host_exit:
        hlt

; Where the transfers of the trials lead.
        align   8
landing:
        int     VECTOR_BACK
        align   8
landing_b:
        int     VECTOR_BACK
LANDING_LOW     equ landing - start             ; the low word of 1xxxxh
