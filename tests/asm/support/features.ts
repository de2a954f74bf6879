/** Sources that use what the preprocessor and the directives can do, to be compared with NASM. */
export const FEATURES: Readonly<Record<string, string>> = {
  'registers that are implied, tokens out of strings': `bits 32
monitor
monitor eax, ecx, edx
mwait
mwait eax, ecx
invlpga eax, ecx
invlpga
rdtscp
%deftok op 'mov eax,'
%deftok rest "ebx + 0 * 5"
op 5
db 7 % 4, 7 % 4
%ideftok Nothing 'nop'
nothing
`,
  'macros, defines and repetitions': `bits 32
%define A 5
%define add2(x,y) ((x)+(y))
%define nested(x) add2(x, A)
%idefine FooBar 77
%xdefine B A
%define A 6
db A, B, add2(1,2), nested(3), foobar, FOOBAR
%undef A
A: db A-$$
%define concat(x) label_ %+ x
concat(one): db 1
dd label_one
%assign i 0
%rep 5
db i
%assign i i+1
%endrep
%assign i 0
%rep 100
%if i > 7
%exitrep
%endif
dw i*i
%assign i i+1
%endrep
%macro push_all 1-*
 %rep %0
  push %1
  %rotate 1
 %endrep
%endmacro
%macro pop_all 1-*
 %rep %0
  %rotate -1
  pop %1
 %endrep
%endmacro
push_all eax, ebx, ecx
pop_all eax, ebx, ecx
%macro ret_if 1
 j%-1 %%skip
 ret
%%skip:
%endmacro
ret_if z
ret_if nae
%macro jmp_if 1
 j%+1 end
%endmacro
jmp_if nc
%macro print 1+
 jmp %%after
%%text: db %1, 0
%%after:
%endmacro
print "hello, world", 13, 10
%macro defaults 1-3 7, 9
 db %1, %2, %3, %0
%endmacro
defaults 1
defaults 1,2
defaults 1,2,3
%macro braces 2
 db %1
 dw %2
%endmacro
braces {1,2,3}, {4,5}
%macro over 0
 db 'none'
%endmacro
%macro over 1
 db 'one'
%endmacro
%macro over 2
 db 'two'
%endmacro
over
over 1
over 1,2
%macro lab 1
%1_start: db 1
%1%2:
%endmacro
%macro lab2 2
%1_%2: db 1
 mov e%1, %2h
 mov e%1, 0x%2
%endmacro
lab2 ax, 12
lab2 cx, 34
dd ax_12
%macro tag 0
%00: db 9
dd %00
%endmacro
here1: tag
%imacro Mixed 0
 db 0xee
%endmacro
MIXED
mixed
lbl: mixed
lbl2 mixed
%macro q 1
 %ifstr %1
  db 's'
 %elifnum %1
  db 'n'
 %elifid %1
  db 'i'
 %else
  db 'o'
 %endif
%endmacro
q 'a'
q 5
q foo
q [eax]
%macro mov 2
 %ifidni %1,eax
   %ifidn %2,ebx
     mov eax, ebx
     nop
   %else
     mov %1, %2
   %endif
 %else
   mov %1,%2
 %endif
%endmacro
mov eax, ebx
mov EAX, ecx
mov edx, 5
%unmacro mov 2
mov eax, ebx
end:
`,
  'structures, strings, contexts and conditions': `bits 16
org 0x7c00
struc point
 .x: resw 1
 .y: resw 1
 .name: resb 10
endstruc
struc base, 4
.a: resd 1
.b: resb 3
 alignb 4
.c: resd 1
endstruc
db point_size, point.y, point.name, base.a, base.c, base_size
p: istruc point
 at point.x, dw 5
 at point.y, dw 6
 at point.name, db 'abc'
iend
p2: istruc point
 at .x, dw 1
 at .name, db 'q'
iend
mov ax, [p+point.y]
%strlen len 'hello'
%substr ch 'hello' 2
%substr mid 'hello' 2,3
%substr tail 'hello' 2,-1
%substr tail2 'hello' -1
%strcat cat 'ab', "cd", 'e'
%defstr ds1 foo bar
db len, ch, mid, tail, cat, ds1
%define xx(a) %[a]
%assign v 3
%define n3 33
db n%[v]
%push ctx
%define %$local 5
%$lab: db %$local
dw %$lab
%push inner
%define %$local 6
%$lab: db %$local, %$$local
dw %$lab, %$$lab
%pop
db %$local
%pop
%if 1+1 = 2 && !(3 > 4) || 0
db 1
%else
db 2
%endif
%ifdef foo
db 3
%elifdef len
db 4
%else
db 5
%endif
%ifndef foo
db 6
%endif
%ifempty
db 7
%endif
%ifnempty a
db 8
%endif
%ifmacro nomac 1
db 9
%else
db 10
%endif
%ifnidn a,b
db 11
%endif
%ifid abc
db 12
%endif
%ifnum 0x10
db 13
%endif
%iftoken a b
db 14
%else
db 15
%endif
%if ($-$$) > 10
db 16
%endif
%assign pos $-$$
dw pos
db __LINE__
times 3 db __LINE__
times 510-($-$$) db 0
dw 0xaa55
`,
  sections: `bits 32
org 0x100000
section .text
start:
 mov eax, data1
 mov ebx, [bss1]
 call func
 jmp other
 jmp near start
 dd section.other.start, section.other.vstart, section..text.start
 dd $, $$, start-$$
section .data align=16
data1: dd 1,2,3
 dd data1
section .bss
bss1: resd 4
bss2: resb 3
section .text
func: ret
 mov eax, bss2
 mov eax, last
section other vstart=0x8048000 align=32
other: nop
 dd other, $$
 call start
 jz other2
 call func
other2:
section last follows=.text
last: db 'last'
section v2 vfollows=other align=4
 dd $$
section .rodata
 db 1
 align 8
 dd $
section zz start=0x100400
 dd $
section nb nobits
x: resb 100
section .text
 mov eax, x
`,
  'labels, numbers, operators and data': `bits 32
a: jmp b
.l: jmp .l
 jmp b.l
 jz c
b: nop
.l: jnz a.l
 loop .l
c:
 add eax, d-c
 add eax, e-c
 push d-c
 push e-c
 mov eax, [ebx+d-c]
 mov eax, [ebx+e-c]
 times 20 nop
d: times 200 nop
e:
K equ f-e
 add eax, K
 jmp f
 times 124 nop
f: jmp e
 times K nop
g equ $
 dd g, g-$$
.loc equ 5
 db f.loc
 jmp short $+2
 jmp $
 align 16
 align 32, db 0xcc
 alignb 8
 dd 1 ? 2 : 3
 dd -5 // 2, -5 %% 3, 7/2, 7 % 4, 1<<4, 0x80000000>>4, ~0, !5, !0, 3^5, 3|4, 6&3
 dd 1<2, 2<=1, 5==5, 5=5, 5!=4, 5<>4, 1&&0, 1||0, 1^^1, 3<=>2
 dq -1 >> 4, -16 >>> 2, 1<<40, 0xFFFFFFFFFFFFFFFF
 dd 1+2*3-4/2, (1+2)*3, -(-3), +5, - - 5
 dw 10h, 0x10, $10, 0h10, 0b101, 101b, 101y, 0y11, 17o, 17q, 0o17, 0q17, 10d, 0d10, 0t10, 1_000, 0xAB_CD
 dd 'a', 'ab', 'abc', 'abcd'
 db 'its'
 db "a'b", 'a"b', \`\\x41\\101\\n\\e\\\\\\'\\"\\\`\\u263a\`
 dw 'abcde', "x"
 dd 'abcde'
 db ?, 1, ?
 db 3 dup (1,2), 2 dup (3), 4 dup 5
 dw 2 dup ('ab', 7)
$eax: dd $eax
 mov [$eax], eax
 mov eax, [es:$eax]
?foo: dd ?foo
_x@y#z~q: dd _x@y#z~q
`,
  'macros within macros': `bits 32
%macro outer 2
 %macro %1 1
   db %2, %1
 %endmacro
%endmacro
%macro loopm 1
 %assign %%n 0
 %rep %1
   db %%n
   %assign %%n %%n+1
 %endrep
%endmacro
loopm 3
%macro rec 1
 %if %1 > 0
  db %1
  %assign %%k %1-1
  rec2 %%k
 %endif
%endmacro
%macro rec2 1
 db 0xf0+%1
%endmacro
rec 3
%macro sw 2-*
 %if %1 = 1
  db 1
 %elif %1 = 2
  %ifidn %2, x
   db 2
  %else
   db 3
  %endif
 %else
  db 4
 %endif
%endmacro
sw 1, x
sw 2, x
sw 2, y
sw 3, z
%macro rng 3-*
 db %{1:2}
 db %{2:-1}
 db %{-1:1}
%endmacro
rng 1,2,3,4
%macro tok 1
 db %{1}5
 db %1 %+ 5
%endmacro
tok 3
%define STR(x) 'x'
%define EMPTY
db 1 EMPTY
EMPTY
%macro e2 0-1
 db %0
%endmacro
e2
e2 5
%macro cmt 1 ; comment here
 db %1 ; trailing
%endmacro
cmt 4 ; more
%if 0
 %error not here
 garbage ( [ 
 %if 1
 %else
 %endif
%elif 1
 db 5
%else
 db 6
%endif
%macro iff 1
 %if %1
  db 1
%endif
%endmacro
iff 1
iff 0
 mov eax, \\
   ebx
 db 1, \\
  2
%rep 2
%rep 3
 db 7
%endrep
 db 8
%endrep
%rep 0
 db 9
%endrep
%macro ex 1
 db 1
 %if %1
 %exitmacro
 %endif
 db 2
%endmacro
ex 0
ex 1
%macro many 1-*
%assign %%i 0
%rep %0
%ifnum %1
 dd %1
%else
 db %1
%endif
%rotate 1
%endrep
%endmacro
many 1,'abc',2
%macro id 0
%define %%x 5
db %%x
%endmacro
id
%define cc e
 j %+ cc $
%define r(n) e %+ n
 mov r(ax), r(bx)
%macro vmw 2
 mov eax, %1
 mov edx, %2
%endmacro
 vmw 1<<3|4, (5+6)
 vmw {1}, {2}
%ifdef __OUTPUT_FORMAT__
db 1
%endif
db __BITS__
db __?BITS?__
%ifidn __OUTPUT_FORMAT__, bin
 db 'bin'
%endif
`,
};
