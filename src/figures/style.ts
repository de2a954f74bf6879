/** From the outermost in. */
export const RINGS = ['3', '2', '1', '0', 'm'];
const each = (rule: (ring: string) => string) => RINGS.map(rule).join('');

/** How figures are painted: one style sheet for the page and for exported pictures. Hue is only ever a ring. */
export const figureStyle = `
.rm-rings text,.rm-timeline text,.rm-walk text,.rm-mark text,.rm-panel text,.rm-stream text{font-family:var(--rm-sans)}
.cell{stroke-width:1.25;stroke-linejoin:round}
${each((r) => `.cell.r${r}{fill:var(--rm-r${r}-tint);stroke:var(--rm-r${r})}.cell.r${r}.live{fill:var(--rm-r${r}-live);stroke-width:2}`)}
.cell.idle{fill:none;stroke:var(--rm-rule);stroke-width:1}
.cell.wait{stroke-width:1;fill-opacity:.5}
.divide{stroke:var(--rm-r3);stroke-width:1;stroke-dasharray:1 3}
.lab{font-size:12px;fill:var(--rm-ink-2)}.lab.cur{font-weight:600}
.axis{font-size:15px;font-weight:600}.axis.core{font-size:30px;letter-spacing:-.02em}
.lab,.axis,.tag,.vm-name,.vm-status{paint-order:stroke;stroke-linejoin:round;stroke-width:3px;stroke:var(--rm-label-halo,none)}
.tag{font-size:12px;font-weight:600}.tag.next{font-weight:500}
.tag.on-live,.tag.on-tint,.tag.on-wait{stroke-width:5px}.tag.on-live{stroke:var(--rm-live-ground,var(--rm-r0-live))}.tag.on-tint{stroke:var(--rm-r0-tint)}.tag.on-wait{stroke:var(--rm-r0-wait)}
.lab.on-core{stroke-width:5px}${each((r) => `.lab.on-core.r${r}{stroke:var(--rm-r${r}-tint)}.lab.on-core.live.r${r}{stroke:var(--rm-live-ground,var(--rm-r${r}-live))}`)}
.hit{fill:none;stroke:transparent;stroke-width:14;pointer-events:stroke;cursor:pointer}.hit.selected{stroke:var(--rm-ink);stroke-opacity:.2;stroke-linecap:round}
${each((r) => `.lab.r${r},.axis.r${r},.tag.r${r},.tl.r${r}{fill:var(--rm-r${r}-ink)}`)}
.trail{fill:none;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.trail.next{stroke-dasharray:1 5}
${each((r) => `.trail.r${r}{stroke:var(--rm-r${r})}.head.r${r},.dot.r${r}{fill:var(--rm-r${r})}`)}
.bridge{fill:none;stroke:var(--rm-paper);stroke-width:9}
.saved{fill:var(--rm-paper);stroke-width:2}${each((r) => `.saved.r${r}{stroke:var(--rm-r${r})}`)}
.dot.next{fill:var(--rm-paper);stroke-width:1.4}${each((r) => `.dot.next.r${r}{stroke:var(--rm-r${r})}`)}
.token .t0{fill:var(--rm-halo,var(--rm-paper))}.token .t1{fill:var(--rm-ink)}.token .t2{fill:var(--rm-raised)}
${each((r) => `.token.r${r} .t2{fill:var(--rm-token-r${r},var(--rm-r${r}-live))}`)}
.vm-name{font-size:15px;font-weight:600;fill:var(--rm-ink)}.vm-status{font-size:12px;fill:var(--rm-ink-3)}
.track{stroke:var(--rm-rule);stroke-width:1;fill:none}
.lane{stroke:var(--rm-rule);stroke-width:1;fill:none}
.tl{font-size:12px;fill:var(--rm-ink-2)}.tl.r3,.tl.r2,.tl.r1,.tl.r0,.tl.rm{font-weight:600}
${each((r) => `.blk.r${r}{fill:var(--rm-r${r})}.blk.x${r}{fill:var(--rm-r${r}-tint)}.ov.r${r}{fill:var(--rm-ov-r${r},var(--rm-r${r}-live))}`)}
.ov{opacity:var(--rm-ov-opacity,1)}
.blk.later,path.later{opacity:.45}
.hatch{stroke-width:1.6}${each((r) => `.hatch.r${r}{stroke:var(--rm-r${r})}`)}
.con{stroke:var(--rm-edge);stroke-width:1;fill:none}.con.next{stroke:var(--rm-rule);stroke-dasharray:1 3}
.xt{stroke-width:1.5}${each((r) => `.xt.r${r}{stroke:var(--rm-r${r})}`)}.xt.selected{stroke-width:4}.xl.selected{font-weight:600;fill:var(--rm-ink)}
.xl{font-size:12px;fill:var(--rm-ink-2);font-variant-numeric:tabular-nums}
.tx{font-size:12px;fill:var(--rm-ink-3)}.tk{stroke:var(--rm-edge)}
.ph{stroke:var(--rm-ink);stroke-width:1.5;fill:none}.brush{fill:none;stroke:var(--rm-ink);stroke-width:1.5}.fan{stroke:var(--rm-rule);fill:none}
.abar{stroke:var(--rm-rule);stroke-width:5}.abar.vm{stroke:var(--rm-edge)}.abar.vm.on{stroke:var(--rm-ink)}.abar.hv{stroke:var(--rm-rm)}
.rm-walk text{paint-order:stroke;stroke:var(--rm-paper);stroke-width:4px;stroke-linejoin:round}
.al{font-size:12px;fill:var(--rm-ink-3)}.an{font-size:12px;fill:var(--rm-ink-2)}.rm-walk .av{font-family:var(--rm-mono);font-size:12px;fill:var(--rm-ink)}
.ap{fill:none}.ap.soft{stroke:var(--rm-edge);stroke-dasharray:2 4;stroke-width:1.4}.ap.hard{stroke:var(--rm-ink);stroke-width:1.6}
.adot,.ahead{fill:var(--rm-ink)}
.rm-panel .title,.rm-stream .title{font-size:13px;font-weight:600;fill:var(--rm-ink)}
.rm-panel .row-note,.rm-stream .row-note{font-size:12px;fill:var(--rm-ink)}
.rm-panel .row-code,.rm-stream .row-code{font-family:var(--rm-mono);font-size:12px;fill:var(--rm-ink);white-space:pre}
.rm-panel .row-code.faint,.rm-stream .row-code.faint{fill:var(--rm-ink-3)}.rm-stream .row-code.next{fill:var(--rm-ink-2)}.row-code.bytes{letter-spacing:-.06em;word-spacing:-.1em}
.mnemonic{font-weight:600}.touched{text-decoration:underline}
.row-event{font-size:12px;font-weight:600}${each((r) => `.row-event.r${r}{fill:var(--rm-r${r}-ink)}.row-live.r${r}{fill:var(--rm-r${r}-live)}`)}
.rm-mark .o{fill:none;stroke:var(--rm-ink);stroke-width:1.2}.rm-mark .i{fill:var(--rm-ink)}.rm-mark .d{font-size:12px;font-weight:600;fill:var(--rm-ink)}
.rm-glyph .cell{stroke:none}${each((r) => `.rm-glyph .cell.r${r}{fill:var(--rm-r${r}-live)}.rm-glyph .cell.r${r}.hot{fill:var(--rm-r${r})}`)}
.rm-logo .l3,.rm-logo .l0{fill:none;stroke-width:2.1}.rm-logo .l3{stroke:var(--rm-r3)}.rm-logo .l0{stroke:var(--rm-r0)}.rm-logo .lm{fill:var(--rm-rm)}
`;
