import type { Ring, RingsView } from '../session/views.ts';
import { sectorPath } from './polar.ts';
import { type FigureNode, node, round } from './tree.ts';

/** The mark of a virtual machine in lists: half a disc for the first two, a digit beyond; a core for one that is a monitor itself. */
export function vmMark(vm: number, size = 14, owner = vm > 0 ? `VM ${vm}` : 'machine'): FigureNode {
  const isMonitor = vm > 0 && owner !== `VM ${vm}`;
  const c = size / 2;
  const r = c - 1.4;
  const half = vm === 1 ? 0 : 1;
  return node(
    'svg',
    {
      class: 'rm-mark',
      width: size,
      height: size,
      viewBox: `0 0 ${size} ${size}`,
      role: 'img',
      'aria-label': owner,
    },
    [
      node('circle', { cx: c, cy: c, r: round(r), class: 'o' }),
      isMonitor
        ? node('circle', { cx: c, cy: c, r: round(r * 0.45), class: 'i' })
        : vm === 1 || vm === 2
          ? node('path', { d: `M${c} ${round(c - r)}A${round(r)} ${round(r)} 0 0 ${half} ${c} ${round(c + r)}Z`, class: 'i' })
          : vm > 2 && node('text', { x: c, y: c + 3.5, 'text-anchor': 'middle', class: 'd' }, [String(vm)]),
    ],
  );
}

/** The ring diagram without words, for lists and the mark of the product: three colours, one hot cell. */
export function glyph(
  size: number,
  options: { readonly vms?: number; readonly kind?: RingsView['kind']; readonly hot?: { readonly vm: number; readonly ring: Ring } } = {},
): FigureNode {
  const { vms = 1, kind = 'vmx', hot } = options;
  const radius = size / 2 - 1;
  const center = [size / 2, size / 2] as const;
  const gap = Math.max(0.7, size * 0.035);
  const [kernels, core]: readonly Ring[] = kind === 'ring0' ? ['1', '0'] : ['0', 'm'];
  const is = (vm: number, ring: Ring) => (hot && hot.ring === ring && (ring === core || hot.vm === vm) ? ' hot' : '');
  const circle = (r: number) =>
    `M${round(center[0] - r)} ${center[1]}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0Z`;
  const band = (vm: number, ring: Ring, inner: number, outer: number, from: number) =>
    node('path', {
      d:
        vms === 1
          ? circle(outer) + (inner > 0 ? circle(inner) : '')
          : sectorPath(center, Math.max(inner, gap), outer, from, from + 360 / vms, gap),
      'fill-rule': 'evenodd',
      class: `cell r${ring}${is(vm, ring)}`,
    });
  const cells: FigureNode[] = [];
  for (let i = 0; i < vms; i++) {
    const from = 90 + (i * 360) / vms;
    cells.push(
      band(i + 1, '3', radius * 0.74, radius, from),
      band(i + 1, kernels!, kind === 'bare' ? 0 : radius * 0.4, radius * 0.66, from),
    );
  }
  if (kind === 'ring0') cells.push(node('circle', { cx: center[0], cy: center[1], r: round(radius * 0.3), class: `cell r0${is(0, '0')}` }));
  else if (kind !== 'bare')
    cells.push(node('circle', { cx: center[0], cy: center[1], r: round(radius * 0.3), class: `cell r${core}${is(0, core!)}` }));
  return node('svg', { class: 'rm-glyph', width: size, height: size, viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true' }, cells);
}

/** The mark of the product: two halves around one core. */
export function logo(size = 26): FigureNode {
  return node('svg', { class: 'rm-logo', width: size, height: size, viewBox: '0 0 26 26', 'aria-hidden': 'true' }, [
    node('path', { d: 'M12.2 1.6A11.4 11.4 0 0 0 12.2 24.4M13.8 1.6A11.4 11.4 0 0 1 13.8 24.4', class: 'l3' }),
    node('path', { d: 'M12.2 5.9A7.2 7.2 0 0 0 12.2 20.1M13.8 5.9A7.2 7.2 0 0 1 13.8 20.1', class: 'l0' }),
    node('circle', { cx: 13, cy: 13, r: 3.4, class: 'lm' }),
  ]);
}
