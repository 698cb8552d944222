using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Crafted;

namespace Fairlead.Tailnet.Tests.Netstack;

/// <summary>What a peer can make a sender spend: its acknowledgements are cheap to make up.</summary>
public sealed class TcpHostilePeerTests
{
    private const int SmallestMss = 88;
    private const int InFlight = 4000;
    private const int Acknowledgements = 2000;

    [Theory]
    [InlineData("all but the first, from ever another place")]
    [InlineData("the last alone")]
    [InlineData("every other one, from the end to the beginning")]
    [InlineData("the first lost again and again")]
    public void An_acknowledgement_costs_no_more_the_more_is_in_flight(string reported)
    {
        var stack = new StackUnderTest();
        var (connection, peer) = stack.Accept([.. Segment.MssOption(SmallestMss), .. Segment.SackPermittedOption(), .. Segment.ScaleOption(7)]);
        _ = connection.WriteAsync(new byte[4_000_000]).AsTask();
        var sent = FillWindow(stack, peer);
        var before = stack.Stack.Tcp.Statistics.Examined;

        for (var i = 0; i < Acknowledgements; i++)
        {
            stack.Pass(TimeSpan.FromMilliseconds(0.01));
            peer.Send(options: Segment.SackOption(Report(i)));
            sent.AddRange(Take(stack).Where(segment => Sequence.AtOrAfter(segment.Seq, sent[^1].Seq + 1)));
        }

        // Each is told of once, and each acknowledgement finds its place.
        Assert.InRange(stack.Stack.Tcp.Statistics.Examined - before, 1, 4 * (sent.Count + Acknowledgements));

        (uint Start, uint End) Report(int i) => reported switch
        {
            "all but the first, from ever another place" => (sent[1 + (i * 7 % (InFlight / 2))].Seq, End(sent[InFlight - 1])),
            "the last alone" => (sent[InFlight - 1].Seq, End(sent[InFlight - 1])),
            "every other one, from the end to the beginning" => (sent[InFlight - 1 - (2 * i % (InFlight - 2))].Seq, End(sent[InFlight - 1 - (2 * i % (InFlight - 2))])),
            _ => (sent[1].Seq, End(sent[^1])),
        };
    }

    [Fact]
    public void What_is_remembered_of_each_segment_counts_as_buffered()
    {
        const int LeastRemembered = 16; // bytes: numbers and time
        var stack = new StackUnderTest();
        var (connection, _) = stack.Accept();

        var sent = WriteSingleBytes(stack, connection);

        Assert.InRange(sent, 5000, int.MaxValue);
        Assert.InRange(stack.Stack.Tcp.Budget.Used, LeastRemembered * sent, long.MaxValue);
    }

    [Fact]
    public void A_stack_short_of_buffers_takes_no_more_single_bytes()
    {
        const int Bound = 128 * 1024;
        var stack = new StackUnderTest(options => options with { MaxBufferedBytes = Bound });
        var (connection, _) = stack.Accept();

        WriteSingleBytes(stack, connection);

        // What it takes to reach the bound grows by doubling.
        Assert.InRange(stack.Stack.Tcp.Budget.Used, 1, 2 * Bound);
    }

    /// <summary>Writes byte by byte until that has to wait, or no more are sent.</summary>
    /// <returns>How many segments they went in.</returns>
    private static int WriteSingleBytes(StackUnderTest stack, TcpConnection connection)
    {
        var sent = 0;
        while (connection.WriteAsync(new byte[1]) is { IsCompletedSuccessfully: true } && stack.SentCount > sent)
        {
            sent = stack.SentCount;
        }

        return sent;
    }

    private static uint End(Segment segment) => segment.Seq + (uint)segment.Data.Length;

    /// <returns>More segments than <see cref="InFlight"/>, none of them acknowledged.</returns>
    private static List<Segment> FillWindow(StackUnderTest stack, CraftedPeer peer)
    {
        while (true)
        {
            var sent = Take(stack);
            Assert.NotEmpty(sent);
            if (sent.Count > InFlight)
            {
                return sent;
            }

            peer.AckNumber = End(sent[^1]);
            stack.Pass(TimeSpan.FromMilliseconds(1));
            peer.Send();
        }
    }

    private static List<Segment> Take(StackUnderTest stack)
    {
        var taken = new List<Segment>();
        while (stack.SentCount > 0)
        {
            taken.Add(stack.Next());
        }

        return taken;
    }
}
