using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.NetCheck;

public sealed class HomeRegionSelectorTests
{
    private readonly ManualTime _time = new();
    private readonly HomeRegionSelector _selector;

    public HomeRegionSelectorTests() => _selector = new HomeRegionSelector(_time);

    [Fact]
    public void The_nearest_region_is_home() => Assert.Equal(2, _selector.Choose(Map(1, 2, 3), Report((1, 50), (2, 20), (3, 30)), 0, false));

    [Theory]
    [InlineData(100, 65, 2)] // a third nearer
    [InlineData(100, 70, 1)] // not quite
    [InlineData(12, 3, 1)] // a quarter, but nobody feels nine milliseconds
    public void Home_moves_only_for_a_real_gain(int old, int other, int expected) =>
        Assert.Equal(expected, _selector.Choose(Map(1, 2), Report((1, old), (2, other)), 1, true));

    [Fact]
    public void A_single_slow_answer_moves_nothing_but_five_minutes_of_them_do()
    {
        Assert.Equal(1, _selector.Choose(Map(1, 2), Report((1, 20), (2, 60)), 0, false));
        Assert.Equal(1, _selector.Choose(Map(1, 2), Report((1, 300), (2, 60)), 1, true));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(2, _selector.Choose(Map(1, 2), Report((1, 300), (2, 60)), 1, true));
    }

    [Fact]
    public void A_home_that_does_not_answer_stays_while_its_relay_is_connected()
    {
        _selector.Choose(Map(1, 2), Report((1, 20), (2, 25)), 0, false);

        Assert.Equal(1, _selector.Choose(Map(1, 2), Report((2, 25)), 1, true));
        Assert.Equal(1, new HomeRegionSelector(_time).Choose(Map(1, 2), Report((2, 25)), 1, true));
        Assert.Equal(2, new HomeRegionSelector(_time).Choose(Map(1, 2), Report((2, 25)), 1, false));
    }

    [Fact]
    public void Regions_to_avoid_are_chosen_only_if_there_are_no_others()
    {
        var avoided = new DerpRegion { Avoid = true, Nodes = [new DerpNode()] };
        var unmeasured = new DerpRegion { NoMeasureNoHome = true, Nodes = [new DerpNode()] };
        var stunOnly = new DerpRegion { Nodes = [new DerpNode { STUNOnly = true }] };

        Assert.Equal(1, _selector.Choose(With((2, avoided), (3, unmeasured), (4, stunOnly)), Report((1, 50), (2, 5), (3, 5), (4, 5)), 0, false));
        Assert.Equal(2, _selector.Choose(Only((2, avoided), (3, unmeasured)), Report((2, 5)), 0, false));
        Assert.Equal(0, _selector.Choose(Only((3, unmeasured)), NetworkReport.None, 3, true));
    }

    [Fact]
    public void A_score_of_the_map_makes_a_region_nearer()
    {
        var map = Map(1, 2) with { HomeParams = new DerpHomeParams { RegionScore = new Dictionary<int, double> { [2] = 0.25 } } };

        Assert.Equal(2, _selector.Choose(map, Report((1, 50), (2, 100)), 0, false));
    }

    [Fact]
    public void Without_any_answer_home_stays_or_is_the_first_region()
    {
        Assert.Equal(2, _selector.Choose(Map(1, 2), NetworkReport.None, 2, false));
        Assert.Equal(1, _selector.Choose(Map(2, 1), NetworkReport.None, 0, false));
        Assert.Equal(1, _selector.Choose(Map(2, 1), NetworkReport.None, 7, true));
    }

    private static NetworkReport Report(params (int Region, int Milliseconds)[] latencies) => new()
    {
        Latencies = latencies.ToDictionary(entry => entry.Region, entry => new RegionLatency(TimeSpan.FromMilliseconds(entry.Milliseconds), null, null)),
    };

    private static DerpMap Map(params int[] regions) => Only([.. regions.Select(region => (region, new DerpRegion { Nodes = [new DerpNode()] }))]);

    private static DerpMap With(params (int Id, DerpRegion Region)[] regions) => Only([(1, new DerpRegion { Nodes = [new DerpNode()] }), .. regions]);

    private static DerpMap Only(params (int Id, DerpRegion Region)[] regions) => new() { Regions = regions.ToDictionary(entry => entry.Id, entry => (DerpRegion?)entry.Region) };
}
