using System.Diagnostics.Metrics;
using System.Text;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Tests.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class HealthTests : NodeTest
{
    private static readonly MapCompression Compression = ZstdCodec.IsAvailable ? MapCompression.Zstd : MapCompression.None;

    [Fact]
    public async Task What_the_server_wants_people_to_know_is_shown()
    {
        var web = await JoinAsync("health-web");
        var id = Device("health-web").NodeId;

        Send(new DisplayMessage { Title = "Update needed", Text = "This version\nis old.", Severity = "high" });

        await Wait.UntilAsync("the message is there", () => web.Status.Health.SequenceEqual(["Update needed: This version is old."]));
        var answer = await Tailnet.Coordination.CallNodeAsync(id, "GET", "/debug/health", ct: Stop);
        Assert.Contains("server: Update needed: This version is old.\n", Encoding.UTF8.GetString(answer.Body.Span), StringComparison.Ordinal);
        Assert.Equal(1, Measured());

        Send(null);

        await Wait.UntilAsync("the message is gone", () => web.Status.Health.Count == 0);
        Assert.Equal(0, Measured());

        void Send(DisplayMessage? message) => Assert.True(Tailnet.Coordination.Faults.SendGarbage(
            id, MapFrame.Encode(new MapResponse { DisplayMessages = new Dictionary<string, DisplayMessage?> { ["old"] = message } }, Compression)));
    }

    [Fact]
    public async Task The_server_is_told_what_is_wrong_with_the_node_and_when_that_is_over()
    {
        var store = new FailingStateStore { Spared = 1, Times = int.MaxValue };
        var web = await JoinAsync("web", options => options with { State = store });
        await Wait.UntilAsync("the server knows", () => Tailnet.Coordination.Health.Of(Device("web").NodeId) is [{ Part: "state-store" }]);
        Assert.Contains("The API server is gone.", web.Status.Health.Single(), StringComparison.Ordinal);

        store.Times = 0;
        await JoinAsync("late");

        await Wait.UntilAsync("the server knows that it is well", () => Tailnet.Coordination.Health.Of(Device("web").NodeId).Count == 0);
        Assert.Empty(web.Status.Health);
    }

    private static long Measured()
    {
        long sum = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "tailscaled_health_messages") { listener.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => sum += ((string?)tags[0].Value)!.StartsWith("health-web", StringComparison.Ordinal) ? value : 0);
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;
    }
}
