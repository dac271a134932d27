package io.faultline.example.demodriver;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.mm.Area;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.SpaceControl;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Outcome;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;

/**
 * A driver's handler behind io-pgfault: it is asked only about what io-pgfault could not bring in,
 * and sees why. This one maps a buffer of its own where its device asks for one, and answers that
 * the device may ask again.
 *
 * <p>As a tap it also watches what io-pgfault answered, for the lines of the demonstration.
 */
@Component(
        name = "demo-driver",
        service = {FaultHandler.class, FaultTap.class})
@ServiceRanking(0)
@Handles(kinds = "page_request")
@Taps(kinds = "page_request")
public final class DemoDriver implements FaultHandler, FaultTap {
    /** A demonstration may be played in a loop. */
    static final int MOST_LINES = 10;

    private static final System.Logger LOGGER = System.getLogger("demo-driver");
    private static final int MOST_OWN = 1024;
    private static final Access READ_WRITE = Access.of(FaultBits.READ | FaultBits.WRITE);

    private final SpaceControl spaces;
    private final Consumer<String> out;

    /** What was answered here: the tap is shown it, too. Bounded by {@link #MOST_OWN}. */
    private final Set<Fault> own = ConcurrentHashMap.newKeySet();

    private final AtomicInteger ownLines = new AtomicInteger();

    /** Written by the tap's thread only. */
    private int lines;

    /** Called by DS. */
    @Activate
    public DemoDriver(@Reference SpaceControl spaces) {
        this(spaces, line -> LOGGER.log(System.Logger.Level.INFO, line));
    }

    DemoDriver(SpaceControl spaces, Consumer<String> out) {
        this.spaces = spaces;
        this.out = out;
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        List<Failure> failures = context.failures();
        if (failures.isEmpty() || !(fault instanceof PageRequestGroup group)) {
            return Verdict.PASSED;
        }
        Optional<ModelledSpace> space = spaceOf(group);
        if (space.isEmpty() || !mapBuffers(group, space.get())) {
            return Verdict.PASSED;
        }
        if (own.size() < MOST_OWN) {
            own.add(group);
        }
        if (ownLines.getAndIncrement() < MOST_LINES) {
            Failure why = failures.get(0);
            out.accept(
                    "%s: %s could not help (%s); demo-driver maps its buffer, SUCCESS"
                            .formatted(name(group), why.handler(), why.reason()));
        }
        return Verdict.handled(Response.SUCCESS);
    }

    private Optional<ModelledSpace> spaceOf(PageRequestGroup group) {
        return spaces.spaces().stream()
                .filter(ModelledSpace.class::isInstance)
                .map(ModelledSpace.class::cast)
                .filter(
                        space ->
                                space.bindings().stream()
                                        .anyMatch(
                                                binding ->
                                                        binding.covers(
                                                                group.unit(),
                                                                group.requester(),
                                                                group.pasid(),
                                                                1)))
                .findFirst();
    }

    /** A buffer of one page wherever there is nothing. */
    private static boolean mapBuffers(PageRequestGroup group, ModelledSpace space) {
        for (int i = 0; i < group.size(); i++) {
            long page = group.iova(i) & -(long) space.pageBytes();
            if (space.probe(page, Access.NONE) == FaultInResult.NO_AREA) {
                space.add(Area.demandZero(page, space.pageBytes(), READ_WRITE));
            }
            if (space.faultIn(page, group.access(i)) != FaultInResult.RESIDENT) {
                return false; // there is something, and it does not grant this
            }
        }
        return true;
    }

    /** Tells what io-pgfault answered: beside it and this one nobody answers here. */
    @Override
    public void consume(TapBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            boolean answered = batch.outcome(i) == Outcome.HANDLED && !own.remove(batch.fault(i));
            if (answered && batch.fault(i) instanceof PageRequestGroup group) {
                tell(group);
            }
        }
    }

    private void tell(PageRequestGroup group) {
        lines++;
        if (lines <= MOST_LINES) {
            String pages = group.size() == 1 ? "1 page" : group.size() + " pages";
            out.accept(name(group) + ": io-pgfault brought in " + pages + ", SUCCESS");
        } else if (lines == MOST_LINES + 1) {
            out.accept("further answers get no line; faultline:iopf counts them");
        }
    }

    private static String name(PageRequestGroup group) {
        String pasid = group.pasid() == Fault.NO_PASID ? "" : " PASID 0x%x".formatted(group.pasid());
        return "page request: device 0x%x%s, group %d"
                .formatted(group.requester(), pasid, group.groupIndex());
    }
}
