namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class MapStreamTests : CoordinationTest
{
    [Fact]
    public async Task The_first_message_has_the_node_itself_and_all_that_it_needs()
    {
        var machine = await NewMachine().JoinAsync("web", "tag:k8s");

        var first = await (await machine.StreamAsync()).NextAsync();

        Assert.Equal("web.embedded.ts.net.", first!.Node!.Name);
        Assert.Equal(machine.NodeKey.PublicKey, first.Node.Key);
        Assert.Null(first.Peers);
        Assert.Equal("embedded.example", first.Domain);
        Assert.NotNull(first.DERPMap);
        Assert.NotNull(first.DNSConfig);
        Assert.Single(first.PacketFilter!);
        Assert.NotNull(machine.EarlyPayload);
    }
}
