/** Words of the lessons, each in one sentence. */
export const GLOSSARY: Readonly<Record<string, string>> = {
  cpl: 'current privilege level: the low two bits of CS, 0 to 3',
  exit: 'VM exit: the processor saves the guest’s state, loads the hypervisor’s, and goes on there',
  entry: 'VM entry: VMLAUNCH or VMRESUME checks and loads the guest’s state and goes on there',
  gate: 'an entry of the IDT: which code handles a vector, and which ring may call it',
  'guest-physical': 'an address as the guest’s page tables give it; where that lies in real memory is the hypervisor’s affair',
  iopl: 'I/O privilege level: two bits of EFLAGS; CLI, STI, IN and OUT need CPL at or below it',
  root: 'VMX root operation: the mode the hypervisor runs in, nicknamed ring −1',
  shadow: 'page tables that the hypervisor makes and the processor walks, in place of the guest’s',
  tss: 'task-state segment: holds, among other things, the stack for each ring below 3',
  vmcs: 'virtual-machine control structure: 4 KiB through which hypervisor and processor speak of one guest',
};
