package io.faultline.guest.internal;

import io.faultline.guest.GuestView;
import io.faultline.guest.Guests;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell command {@code faultline:guests}. */
@Component(
        service = GuestCommand.class,
        property = {"osgi.command.scope=faultline", "osgi.command.function=guests"})
public final class GuestCommand {
    private final Guests guests;

    /** Called by DS. */
    @Activate
    public GuestCommand(@Reference Guests guests) {
        this.guests = guests;
    }

    /**
     * Who is connected, and what became of their records.
     *
     * @return a paragraph for each guest
     */
    public String guests() {
        List<GuestView> all = guests.guests();
        if (all.isEmpty()) {
            return "no guests";
        }
        StringBuilder text = new StringBuilder();
        for (GuestView g : all) {
            text.append(
                    "guest %s (%s, %s): depth %d, %d errors, %d wake-ups%n"
                            .formatted(
                                    g.name(),
                                    g.user(),
                                    g.state(),
                                    g.depth(),
                                    g.errors(),
                                    g.wakeups()));
            g.devices().forEach(device -> text.append("    device       %s%n".formatted(device)));
            text.append(
                    "    records      %d enqueued = %d read + %d dropped + %d withdrawn + %d waiting%n"
                            .formatted(
                                    g.enqueued(),
                                    g.read(),
                                    g.dropped(),
                                    g.withdrawn(),
                                    g.waiting()));
            text.append(
                    "    groups       %d answered, %d outstanding%n"
                            .formatted(g.answered(), g.outstanding()));
        }
        return text.toString();
    }
}
