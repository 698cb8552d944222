using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class TransportTests : ManualTimeTest
{
    [Fact]
    public async Task The_key_is_told_with_a_version_as_JSON_and_without_as_digits()
    {
        using var http = new HttpClient { BaseAddress = Tailnet.BaseAddress };

        var keys = ControlJson.Deserialize<ControlKeys>(await http.GetByteArrayAsync("key?v=145", Stop));
        var digits = await http.GetStringAsync("key", Stop);
        using var nothing = await http.GetAsync("generate_204", Stop);

        Assert.Equal(Tailnet.Coordination.PublicKey, keys.PublicKey);
        Assert.Equal(Tailnet.Coordination.PublicKey, MachinePublicKey.Parse("mkey:" + digits));
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
    }

    [Theory]
    [InlineData("other-protocol", "AAAA", "upgrade")]
    [InlineData(NoiseProtocol.UpgradeName, "", "X-Tailscale-Handshake")]
    [InlineData(NoiseProtocol.UpgradeName, "AAAA", "X-Tailscale-Handshake")]
    [InlineData(NoiseProtocol.UpgradeName, "not base64!", "X-Tailscale-Handshake")]
    public async Task An_upgrade_that_lacks_something_is_a_bad_request_that_says_what(string protocol, string handshake, string reason)
    {
        using var http = new HttpClient { BaseAddress = Tailnet.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "ts2021");
        request.Headers.Upgrade.Add(new ProductHeaderValue(protocol));
        request.Headers.Connection.Add("upgrade");
        request.Headers.TryAddWithoutValidation(NoiseProtocol.HandshakeHeader, handshake);

        using var response = await http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_for_another_server_is_refused_inside_the_upgraded_connection()
    {
        using var key = MachinePrivateKey.Generate();
        using var other = MachinePrivateKey.Generate();
        using var initiator = new NoiseInitiator(key, other.PublicKey, CapabilityVersion.Current);
        await using var transport = await UpgradedConnection.OpenAsync(Tailnet.BaseAddress.Port, initiator, Stop);

        var refusal = await Assert.ThrowsAsync<NoiseHandshakeException>(() => NoiseStream.ConnectAsync(transport, initiator, Stop));

        Assert.Contains("not made for this server's key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_requests_are_served_inside_the_channel_only_and_others_outside_only()
    {
        var machine = await NewMachine().JoinAsync("web");
        using var http = new HttpClient { BaseAddress = Tailnet.BaseAddress };

        using var outside = await http.PostAsync("machine/register", new ByteArrayContent([]), Stop);
        using var inside = await machine.SendAsync(TestMachine.Post("/api/v2/tailnet/-/devices", []));
        using var key = await machine.SendAsync(TestMachine.Post("/key", []));

        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, inside.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, key.StatusCode);
    }

    [Fact]
    public async Task The_channel_can_be_a_WebSocket()
    {
        using var key = MachinePrivateKey.Generate();
        using var initiator = new NoiseInitiator(key, Tailnet.Coordination.PublicKey, CapabilityVersion.Current);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(NoiseProtocol.UpgradeName);
        var handshake = Uri.EscapeDataString(Convert.ToBase64String(initiator.Initiation.Span));
        var url = new Uri($"ws://127.0.0.1:{Tailnet.BaseAddress.Port}/ts2021?{NoiseProtocol.HandshakeHeader}={handshake}");
        await socket.ConnectAsync(url, Stop);
        await using var transport = WebSocketStream.Create(socket, WebSocketMessageType.Binary);

        await using var channel = new EarlyPayloadStream(await NoiseStream.ConnectAsync(transport, initiator, Stop));
        var answer = await Http2Text.AskAsync(channel, Stop);

        Assert.NotNull(await channel.Payload);
        Assert.Equal("404", answer);
    }

    // HttpClient cannot say https without TLS, as real nodes do inside the channel.
    [Fact]
    public async Task Requests_may_say_https()
    {
        using var key = MachinePrivateKey.Generate();
        using var initiator = new NoiseInitiator(key, Tailnet.Coordination.PublicKey, CapabilityVersion.Current);
        var transport = await UpgradedConnection.OpenAsync(Tailnet.BaseAddress.Port, initiator, Stop);
        await using var channel = new EarlyPayloadStream(await NoiseStream.ConnectAsync(transport, initiator, Stop));

        Assert.Equal("404", await Http2Text.AskAsync(channel, Stop));
    }

    [Fact]
    public async Task An_old_client_gets_no_early_payload()
    {
        using var key = MachinePrivateKey.Generate();
        using var initiator = new NoiseInitiator(key, Tailnet.Coordination.PublicKey, EarlyPayload.MinVersion - 1);
        var transport = await UpgradedConnection.OpenAsync(Tailnet.BaseAddress.Port, initiator, Stop);
        await using var channel = new EarlyPayloadStream(await NoiseStream.ConnectAsync(transport, initiator, Stop));

        await Http2Text.AskAsync(channel, Stop);

        Assert.Null(await channel.Payload);
    }

    [Fact]
    public async Task The_tailnet_stops_at_once_although_streams_are_open()
    {
        var stream = await (await NewMachine().JoinAsync("web")).StreamAsync();
        await stream.NextAsync();

        await Tailnet.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), Stop);

        await Assert.ThrowsAnyAsync<IOException>(() => stream.EndAsync());
    }

    [Fact]
    public async Task A_channel_that_its_node_closed_leaves_nothing_behind()
    {
        var machine = await NewMachine().JoinAsync("web");
        await (await machine.StreamAsync()).NextAsync();
        Assert.Equal(1, Tailnet.Coordination.OpenChannels);

        await machine.DisposeAsync();

        await UntilAsync("the channel is gone", () => Tailnet.Coordination is { OpenChannels: 0, ConnectedNodes: 0 });
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var response = await NewMachine().SendAsync(TestMachine.Post("/machine/register", Encoding.ASCII.GetBytes(new string(' ', 2_000_000))));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }
}
