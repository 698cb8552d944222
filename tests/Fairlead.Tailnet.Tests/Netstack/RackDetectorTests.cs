using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class RackDetectorTests
{
    private const long RoundTrip = 20_000;

    private RackDetector _rack;

    [Fact]
    public void One_acknowledgement_of_a_batch_with_a_hole_is_no_reordering()
    {
        // 0 to 8 are sent in order, 6 is lost, and one acknowledgement tells of the rest: its selective blocks are seen first.
        Acknowledge(30_000, 0);
        Acknowledge(40_000, 7, 8, 1, 2, 3, 4, 5);

        Assert.Equal(0, Window());
    }

    [Fact]
    public void A_segment_below_one_that_an_earlier_acknowledgement_told_of_was_reordered()
    {
        Acknowledge(30_000, 0);
        Acknowledge(40_000, 7, 8);
        Acknowledge(41_000, 1);

        Assert.NotEqual(0, Window());
    }

    private void Acknowledge(long now, params ReadOnlySpan<uint> segments)
    {
        _rack.BeginAcknowledgement();
        foreach (var segment in segments)
        {
            _rack.Delivered(new SentSegment { Start = segment * 1000, End = (segment + 1) * 1000, SentAt = 10_000 + segment }, now, RoundTrip, ofOriginal: false);
        }
    }

    private long Window()
    {
        var rtt = new RttEstimator();
        rtt.Sample(RoundTrip, 40_000);
        return _rack.ReorderingWindow(rtt, recovering: true, sackedSegments: 3);
    }
}
