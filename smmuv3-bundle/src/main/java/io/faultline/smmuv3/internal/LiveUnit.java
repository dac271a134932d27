package io.faultline.smmuv3.internal;

import io.faultline.fault.Unit;
import io.faultline.handler.Ticker;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareWindow;
import io.faultline.hardware.RecordQueue;
import io.faultline.live.Attention;
import io.faultline.live.DrivenUnit;
import io.faultline.live.WindowSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A live SMMU behind a window: its event queue, its PRI queue if it has one, its command queue.
 *
 * <p>Queues are set up in memory that the window gives; where it gives none they are taken as
 * somebody has set them up. Stream tables and translation are none of our business.
 *
 * <p>Source: Arm IHI 0070, 3.5, 6.3, 7.
 */
final class LiveUnit implements DrivenUnit {
    private static final String ERROR_INTERRUPT = "gerror";
    private static final int IDR0_PRI = 1 << 16;
    private static final int IDR0_STALL_SHIFT = 24;
    private static final int IDR0_STALL_MASK = 3;
    private static final int TERMINATE_ONLY = 1;
    private static final int IDR1_SSIDSIZE_SHIFT = 6;
    private static final int IDR1_SSIDSIZE_MASK = 0x1f;
    private static final int IDR5_GRAN4K = 1 << 4;
    private static final int IDR5_GRAN16K = 1 << 5;
    private static final int IDR5_GRAN64K = 1 << 6;
    private static final int IDR5_STALL_MAX_SHIFT = 16;

    private final HardwareWindow window;
    private final Registers registers;
    private final Ticker ticker;
    private final Unit unit;
    private final UnitSettings settings;
    private final int pasidBits;
    private final long pageSizes;
    private final int stallLimit;
    private final List<RecordQueue> queues = new ArrayList<>();
    private final List<Attention> attentions = new CopyOnWriteArrayList<>();
    private final CommandRing commands;
    private final GlobalErrors errors;

    /** What was enabled here, and is disabled again: bits of CR0 and IRQ_CTRL. */
    private int enabledQueues;

    private int enabledInterrupts;

    /**
     * Sets the unit up; if that fails, what was begun is undone.
     *
     * @throws IllegalArgumentException if a setting is out of range
     * @throws IllegalStateException if the SMMU is stuck or gone, or lacks a queue
     */
    LiveUnit(HardwareWindow window, Ticker ticker, Consumer<String> log) {
        this.window = window;
        this.registers = new Registers(window);
        this.ticker = ticker;
        this.unit = new Unit(Smmu.ARCH, window.name());
        int idr0 = registers.read32(Registers.IDR0);
        int idr1 = registers.read32(Registers.IDR1);
        int idr5 = registers.read32(Registers.IDR5);
        this.settings = UnitSettings.of(new WindowSettings(window.settings()), idr1);
        this.pasidBits =
                Math.min(PCIE_PASID_BITS, idr1 >>> IDR1_SSIDSIZE_SHIFT & IDR1_SSIDSIZE_MASK);
        this.pageSizes = pageSizes(idr5);
        this.stallLimit = stallLimit(idr0, idr5);
        try {
            ByteBuffer ring = open(QueueLayout.COMMAND, settings.commandLog2());
            this.commands = new CommandRing(registers, ring);
            Attention attention = new Attention(ticker, settings.pollNanos());
            this.errors = new GlobalErrors(registers, attention, commands, log);
            attentions.add(attention);
            addQueue(QueueLayout.EVENT, settings.eventLog2(), log);
            if ((idr0 & IDR0_PRI) != 0) {
                addQueue(QueueLayout.PRI, settings.priLog2(), log);
            }
            // an error concerns all queues: whoever looks first finds it
            listen(ERROR_INTERRUPT, Registers.GERROR_INTERRUPT, attention, this::callAll);
            refuseIfGone();
        } catch (RuntimeException e) {
            undo();
            throw e;
        }
    }

    private void refuseIfGone() {
        if (registers.isGone()) {
            throw new IllegalStateException("the SMMU is gone");
        }
    }

    /** The granules; blocks of them are no pages. */
    private static long pageSizes(int idr5) {
        long sizes = (idr5 & IDR5_GRAN4K) != 0 ? 1 << 12 : 0;
        sizes |= (idr5 & IDR5_GRAN16K) != 0 ? 1 << 14 : 0;
        sizes |= (idr5 & IDR5_GRAN64K) != 0 ? 1 << 16 : 0;
        return sizes == 0 ? PCIE_PAGE_SIZES : sizes;
    }

    private static int stallLimit(int idr0, int idr5) {
        int model = idr0 >>> IDR0_STALL_SHIFT & IDR0_STALL_MASK;
        int most = idr5 >>> IDR5_STALL_MAX_SHIFT;
        return model == TERMINATE_ONLY || most == 0 ? UNKNOWN_LIMIT : most;
    }

    private void addQueue(QueueLayout layout, int log2Size, Consumer<String> log) {
        ByteBuffer memory = open(layout, log2Size);
        Attention attention = new Attention(ticker, settings.pollNanos());
        queues.add(
                new RecordRing(
                        layout, registers, errors, attention, memory, settings.fullAborts(), log));
        attentions.add(attention);
        listen(layout.kind, layout.interrupt, attention, attention::call);
        if (attention.isInterrupted()) {
            attention.gate(open -> registers.letThrough(layout.interrupt, open));
        }
    }

    private void listen(String which, int interrupt, Attention attention, Runnable call) {
        if (window.onInterrupt(which, call)) {
            attention.rely();
            enabledInterrupts |= registers.enableInterrupts(interrupt);
        }
    }

    private void callAll() {
        attentions.forEach(Attention::call);
    }

    /** The memory of a queue; it is enabled afterwards. */
    private ByteBuffer open(QueueLayout queue, int log2Size) {
        int bytes = queue.entryBytes << log2Size;
        long address = window.memoryFor(queue.kind, bytes);
        if (address == HardwareWindow.NO_MEMORY) {
            return taken(queue);
        }
        ByteBuffer memory = window.memory(address, bytes);
        registers.disable(queue.enable);
        registers.writeBase(queue, address, log2Size);
        registers.write32(queue.prod, 0);
        registers.write32(queue.cons, 0);
        registers.enable(queue.enable);
        enabledQueues |= queue.enable;
        return memory;
    }

    /** The memory of a queue that somebody else has set up. */
    private ByteBuffer taken(QueueLayout queue) {
        if (!registers.isEnabled(queue)) {
            throw new IllegalStateException(
                    queue.kind
                            + " is not enabled, and the window has no memory in which it could be"
                            + " set up");
        }
        long base = registers.readBase(queue);
        refuseIfGone();
        int log2Size = QueueLayout.log2Size(base);
        if (log2Size > QueueLayout.LOG2SIZE_MAX) {
            throw new IllegalStateException(
                    "%s: LOG2SIZE=%d in BASE=0x%x; allowed are 0 to %d"
                            .formatted(queue.kind, log2Size, base, QueueLayout.LOG2SIZE_MAX));
        }
        return window.memory(QueueLayout.address(base), queue.entryBytes << log2Size);
    }

    @Override
    public void close() {
        commands.close();
        undo();
    }

    private void undo() {
        for (QueueLayout queue : List.of(QueueLayout.EVENT, QueueLayout.PRI)) {
            window.onInterrupt(queue.kind, null);
        }
        window.onInterrupt(ERROR_INTERRUPT, null);
        if (!registers.isGone()) {
            registers.disableInterrupts(enabledInterrupts);
            registers.disable(enabledQueues);
        }
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return List.copyOf(queues);
    }

    @Override
    public CommandPort port() {
        return commands;
    }

    @Override
    public boolean isGone() {
        return registers.isGone() || errors.isFailed();
    }

    @Override
    public int pasidBits() {
        return pasidBits;
    }

    @Override
    public long pageSizes() {
        return pageSizes;
    }

    @Override
    public int stallLimit() {
        return stallLimit;
    }
}
