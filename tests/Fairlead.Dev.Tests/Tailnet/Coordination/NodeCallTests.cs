using System.Text;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class NodeCallTests : CoordinationTest
{
    [Fact]
    public async Task A_call_is_answered_inside_the_channel_at_a_URL_that_all_clients_take_there()
    {
        var machine = await NewMachine().JoinAsync("web");
        var stream = await machine.StreamAsync();
        await stream.NextAsync();

        var call = Tailnet.Coordination.CallNodeAsync(Device("web").NodeId, "GET", "/echo", ct: Stop);
        var request = (await stream.UntilAsync(message => message.PingRequest is not null)).PingRequest!;
        using var answered = await machine.PostAsync(request.URL, Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));

        Assert.True(request.URLIsNoise);
        Assert.StartsWith("https://", request.URL, StringComparison.Ordinal);
        Assert.Equal("hi", Encoding.ASCII.GetString((await call).Body.Span));
    }
}
