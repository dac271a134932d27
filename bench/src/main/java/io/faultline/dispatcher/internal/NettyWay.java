package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;

/** A Netty pipeline on the caller's thread. */
final class NettyWay implements Way {
    private EmbeddedChannel channel;
    private ChannelPipeline pipeline;

    /** A place in the pipeline. */
    private static final class Stage extends ChannelInboundHandlerAdapter {
        private final Counting handler;

        Stage(Counting handler) {
            this.handler = handler;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (handler.handle((Fault) message, null) == Verdict.PASSED) {
                context.fireChannelRead(message);
            }
        }
    }

    @Override
    public void to(List<Counting> handlers) {
        close();
        channel = new EmbeddedChannel();
        pipeline = channel.pipeline();
        handlers.forEach(handler -> pipeline.addLast(new Stage(handler)));
    }

    @Override
    public void run(Fault[] faults) {
        for (Fault fault : faults) {
            pipeline.fireChannelRead(fault);
        }
        pipeline.fireChannelReadComplete();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close().syncUninterruptibly();
        }
    }
}
