package io.faultline.shell.internal;

import static io.faultline.shell.internal.Gogo.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.platform.HandlerControl;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlerCommandsTest {
    private final FakeControl control = new FakeControl();
    private final HandlerCommands commands = new HandlerCommands(control);

    /** Has one handler out whose call has not returned. */
    private static final class FakeControl implements HandlerControl {
        final List<String> calls = new ArrayList<>();
        List<Out> out = List.of(new Out("usb-sva", 17, "org.example.sva", 42, "blocked, 3 in all"));

        @Override
        public List<Out> out() {
            return out;
        }

        @Override
        public boolean readmit(String name) {
            calls.add("readmit " + name);
            return !name.equals("usb-sva");
        }

        @Override
        public List<ShadowView> shadows() {
            return List.of(
                    new ShadowView(
                            "sva-next", 18, "usb-sva", "active", 10, 7, 1, 2, 3, List.of("one")));
        }

        @Override
        public void promote(String name) {
            calls.add("promote " + name);
        }
    }

    @Test
    void showsWhoIsOut() throws Exception {
        String shown = run(commands, "readmit");
        assertTrue(shown.lines().count() == 2, shown);
        assertTrue(shown.contains("usb-sva") && shown.contains("org.example.sva"), shown);
        assertTrue(shown.contains("blocked, 3 in all"), shown);
        control.out = List.of();
        assertEquals("Nobody was taken out.", run(commands, "readmit"));
    }

    @Test
    void letsSomebodyBackIn() throws Exception {
        assertEquals("board is called again", run(commands, "readmit board"));
        assertEquals(
                "usb-sva is called again once the call returns that was given up",
                run(commands, "readmit usb-sva"));

        assertEquals(List.of("readmit board", "readmit usb-sva"), control.calls);
    }

    @Test
    void showsShadowsAndPromotesThem() throws Exception {
        String shown = run(commands, "shadow");

        assertTrue(shown.contains("sva-next  usb-sva  active"), shown);
        assertTrue(shown.endsWith("sva-next: one"), shown);
        run(commands, "promote sva-next");
        assertEquals(List.of("promote sva-next"), control.calls);
    }

    @Test
    void saysThatThereIsNoPlatform() throws Exception {
        HandlerCommands none = new HandlerCommands();

        assertEquals(Scope.NO_PLATFORM, run(none, "readmit"));
        assertEquals(Scope.NO_PLATFORM, run(none, "readmit board"));
    }
}
