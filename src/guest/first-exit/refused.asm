; The same monitor with one line forgotten: the VMCS link pointer, which must be all ones.
; Everything else about the guest is right, and VMLAUNCH does not start it.
;
;       nasm -f bin -I src/guest/ -o refused.bin src/guest/first-exit/refused.asm

%define FORGETS_THE_LINK
%include "first-exit/first-exit.asm"
