using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Tailnet.Protocol.Control.Framing;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class ManyNodesTests : CoordinationTest
{
    private const int Nodes = 100;

    // The window is long enough that what happens within it on a busy machine still comes together.
    protected override EmbeddedTailnetOptions Options => new() { Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.FromMilliseconds(250) } };

    [Fact]
    public async Task All_learn_of_all_in_far_fewer_messages_than_there_are_changes()
    {
        var key = Tailnet.Keys.Create(["tag:k8s"], reusable: true).Secret;
        var readers = new List<Task<int>>();
        for (var i = 0; i < Nodes; i++)
        {
            var machine = NewMachine();
            machine.Hostinfo = machine.Hostinfo with { Hostname = $"n{i}" };
            Assert.Equal("", (await machine.RegisterAsync(key)).Error);
            readers.Add(ReadUntilAllOnlineAsync(await machine.StreamAsync(ZstdCodec.IsAvailable ? MapCompression.Zstd : MapCompression.None)));
            await machine.UpdateAsync($"192.0.2.1:{i + 1}");
        }

        var messages = await Task.WhenAll(readers);

        // Each of the others joins, goes online and tells its endpoints: three changes.
        Assert.All(messages, count => Assert.InRange(count, 1, 3 * Nodes / 2));
    }

    private static async Task<int> ReadUntilAllOnlineAsync(TestMapStream stream)
    {
        var seen = new Dictionary<long, (bool Online, bool Endpoints)>();
        for (var messages = 1; ; messages++)
        {
            var message = await stream.NextAsync() ?? throw new InvalidOperationException("The stream ended.");
            foreach (var peer in (message.Peers ?? []).Concat(message.PeersChanged ?? [])) seen[peer.ID] = (peer.Online == true, peer.Endpoints.Count > 0);
            foreach (var patch in message.PeersChangedPatch ?? [])
            {
                var before = seen[patch.NodeID];
                seen[patch.NodeID] = (patch.Online ?? before.Online, patch.Endpoints is not null || before.Endpoints);
            }
            if (seen.Count == Nodes - 1 && seen.Values.All(state => state is { Online: true, Endpoints: true })) return messages;
        }
    }
}
