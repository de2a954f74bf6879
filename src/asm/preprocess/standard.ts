/** The directives that NASM defines as macros, in their documented meaning. Their lines stay invisible: positions are those of their use. */
export const STANDARD_MACROS = `
%define __?SECT?__ [section .text]
%imacro section 1+
  %xdefine __?SECT?__ [section %1]
  [section %1]
%endmacro
%imacro segment 1+
  %xdefine __?SECT?__ [section %1]
  [section %1]
%endmacro
%imacro absolute 1+
  %xdefine __?SECT?__ [absolute %1]
  [absolute %1]
%endmacro
%imacro struc 1-2 0
  %push struc
  %define %$name %1
  [structure %2]
  %$name:
%endmacro
%imacro endstruc 0
  %{$name}_size equ ($-%$name)
  %pop
  __?SECT?__
%endmacro
%imacro istruc 1
  %push istruc
  %define %$name %1
  %$start:
%endmacro
%imacro at 1-2+
  %defstr %$member %1
  %substr %$first %$member 1
  %ifidn %$first, '.'
    times (%$name%1-%$name)-($-%$start) db 0
  %else
    times (%1-%$name)-($-%$start) db 0
  %endif
  %2
%endmacro
%imacro iend 0
  times %{$name}_size-($-%$start) db 0
  %pop
%endmacro
%imacro align 1-2+ nop
  [sectalign %1]
  times (((%1) - (($-$$) % (%1))) % (%1)) %2
%endmacro
%imacro alignb 1-2+
  [sectalign %1]
  %ifempty %2
    resb (((%1) - (($-$$) % (%1))) % (%1))
  %else
    times (((%1) - (($-$$) % (%1))) % (%1)) %2
  %endif
%endmacro
%imacro sectalign 1+
  %ifidni %1,off
  %elifidni %1,on
  %else
    [sectalign %1]
  %endif
%endmacro
%imacro org 1+
  [org %1]
%endmacro
%imacro bits 1+
  [bits %1]
%endmacro
%imacro use16 0
  [bits 16]
%endmacro
%imacro use32 0
  [bits 32]
%endmacro
%imacro cpu 1+
  [cpu %1]
%endmacro
%imacro default 1+
  [default %1]
%endmacro
%imacro global 1+
  [global %1]
%endmacro
%imacro static 1+
  [static %1]
%endmacro
%imacro extern 1+
  [extern %1]
%endmacro
%imacro common 1+
  [common %1]
%endmacro
`;
