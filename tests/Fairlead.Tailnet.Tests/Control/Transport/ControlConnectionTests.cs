using System.Net;
using System.Text;
using Fairlead.Tailnet.Control.Transport;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Testing;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Tailnet.Tests.Control.Transport;

public sealed class ControlConnectionTests : IAsyncLifetime
{
    private static readonly Uri Url = new("https://control.test");
    private static readonly Func<ControlConnectionOptions, ControlConnectionOptions> InRealTime = options => options with { Time = TimeProvider.System };

    private readonly MappedDialer _dialer = new();
    private readonly MachinePrivateKey _machineKey = MachinePrivateKey.Generate();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NoiseServer _server = null!;
    private ControlConnection? _connection;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await NoiseServer.StartAsync(AnswerAsync, Stop);
        _dialer.Ports[80] = _server.HttpPort;
        _dialer.Ports[443] = _server.HttpsPort;
    }

    public async ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        if (_connection is not null) await _connection.DisposeAsync();
        await _server.DisposeAsync();
        _machineKey.Dispose();
    }

    [Fact]
    public async Task Requests_go_through_one_channel_over_plain_HTTP()
    {
        var connection = Connect();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PostAsync(connection, "/echo", $"request {i}")));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"HTTP/2 control.test /echo request {i}"), answers);
        Assert.Equal(1, _server.Channels);
        Assert.Equal(_machineKey.PublicKey, _server.LastChannel!.Peer);
        Assert.Equal(CapabilityVersion.Current, _server.LastChannel.Version);
        Assert.Equal(["control.test:443", "control.test:80"], _dialer.Dialed);
    }

    [Fact]
    public async Task TLS_is_tried_at_once_when_plain_HTTP_fails()
    {
        _dialer.Ports.Remove(80);

        Assert.EndsWith("hello", await PostAsync(Connect(), "/echo", "hello"), StringComparison.Ordinal);

        Assert.Equal(["control.test:443", "control.test:80", "control.test:443"], _dialer.Dialed);
    }

    [Fact]
    public async Task TLS_is_tried_after_a_moment_when_plain_HTTP_does_not_answer()
    {
        _dialer.Ports[80] = null;

        Assert.EndsWith("hello", await PostAsync(Connect(InRealTime), "/echo", "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_HTTP_answered_by_something_else_is_no_obstacle()
    {
        await using var portal = await NoiseServer.StartAsync(AnswerAsync, Stop);
        portal.RefuseWith = 511;
        _dialer.Ports[80] = portal.HttpPort;

        Assert.EndsWith("hello", await PostAsync(Connect(), "/echo", "hello"), StringComparison.Ordinal);
        Assert.Equal(0, portal.Channels);
    }

    [Fact]
    public async Task Port_80_is_left_alone_when_TLS_is_forced()
    {
        await PostAsync(Connect(options => options with { ForceTls = true }), "/echo", "hello");

        Assert.Equal(["control.test:443", "control.test:443"], _dialer.Dialed);
    }

    [Fact]
    public async Task A_server_without_TLS_on_this_machine_is_reached_on_its_port_alone()
    {
        var url = new Uri($"http://127.0.0.1:{_server.HttpPort}");

        var answer = await PostAsync(Connect(options => options with { ControlUrl = url, Dialer = ControlDialer.Instance }), "/echo", "hello");

        Assert.Equal($"HTTP/2 127.0.0.1:{_server.HttpPort} /echo hello", answer);
    }

    [Fact]
    public async Task A_body_streams_while_other_requests_are_answered()
    {
        var connection = Connect();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wait");
        using var response = await connection.SendAsync(request, Stop);
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        var first = new byte[5];
        await body.ReadExactlyAsync(first, Stop);

        Assert.EndsWith("meanwhile", await PostAsync(connection, "/echo", "meanwhile"), StringComparison.Ordinal);

        _released.SetResult();
        using var rest = new StreamReader(body);
        Assert.Equal("first", Encoding.ASCII.GetString(first));
        Assert.Equal("second", await rest.ReadToEndAsync(Stop));
        Assert.Equal(1, _server.Channels);
    }

    [Fact]
    public async Task A_large_body_arrives_whole_in_both_directions()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('a' + (i % 26))));

        Assert.EndsWith(text, await PostAsync(Connect(), "/echo", text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_loss_the_running_request_fails_and_the_next_opens_a_new_channel()
    {
        var connection = Connect();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wait");
        using var response = await connection.SendAsync(request, Stop);
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        await body.ReadExactlyAsync(new byte[5], Stop);

        _server.Cut();

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Stop));
        Assert.EndsWith("again", await PostAsync(connection, "/echo", "again"), StringComparison.Ordinal);
        Assert.Equal(2, _server.Channels);
    }

    [Fact]
    public async Task A_channel_can_be_given_up()
    {
        var connection = Connect();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wait");
        using var response = await connection.SendAsync(request, Stop);
        await using var body = await response.Content.ReadAsStreamAsync(Stop);

        connection.Reconnect();

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Stop));
        Assert.EndsWith("again", await PostAsync(connection, "/echo", "again"), StringComparison.Ordinal);
        Assert.Equal(2, _server.Channels);
    }

    [Fact]
    public async Task An_early_payload_does_not_disturb()
    {
        _server.EarlyPayload = new EarlyNoise { NodeKeyChallenge = new ChallengePublicKey(_machineKey.PublicKey.Key) };

        Assert.EndsWith("hello", await PostAsync(Connect(), "/echo", "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dial_plan_leads_to_the_best_address_that_answers()
    {
        var (refusing, low, high) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"), IPAddress.Parse("192.0.2.3"));
        _dialer.Refusing.Add(refusing);
        var connection = Connect(InRealTime);
        connection.UseDialPlan(new ControlDialPlan
        {
            Candidates =
            [
                new ControlIPCandidate { IP = refusing, Priority = 9 },
                new ControlIPCandidate { IP = low, Priority = 1 },
                new ControlIPCandidate { IP = high, Priority = 2, DialStartDelaySec = 0.1 },
                new ControlIPCandidate { ACEHost = "relay.test", Priority = 10 },
            ],
        });

        Assert.EndsWith("hello", await PostAsync(connection, "/echo", "hello"), StringComparison.Ordinal);

        Assert.Contains("control.test:80 at 192.0.2.3", _dialer.Dialed);
        Assert.DoesNotContain(_dialer.Dialed, dialed => dialed == "control.test:80");
    }

    [Fact]
    public async Task A_dial_plan_that_leads_nowhere_is_passed_over()
    {
        var nowhere = IPAddress.Parse("192.0.2.1");
        _dialer.Refusing.Add(nowhere);
        var connection = Connect(InRealTime);
        connection.UseDialPlan(new ControlDialPlan { Candidates = [new ControlIPCandidate { IP = nowhere, DialTimeoutSec = double.NaN }] });

        Assert.EndsWith("hello", await PostAsync(connection, "/echo", "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_is_used_for_all_that_leaves()
    {
        await using var proxy = new TunnelProxy(_dialer, Stop);
        _dialer.Ports[3128] = proxy.Port;
        var options = (ControlConnectionOptions o) => o with { Proxy = new WebProxy("http://proxy.test:3128") };

        Assert.EndsWith("hello", await PostAsync(Connect(options), "/echo", "hello"), StringComparison.Ordinal);

        Assert.Equal(["control.test:443", "control.test:443"], proxy.Tunnels);
    }

    [Fact]
    public async Task Nothing_answering_is_an_error_that_names_the_ways_and_the_remedy()
    {
        var connection = Connect();
        await PostAsync(connection, "/echo", "to know the key");
        connection.Reconnect();
        _dialer.Ports.Clear();

        var error = await Assert.ThrowsAsync<ControlConnectionException>(() => PostAsync(connection, "/echo", "hello"));

        Assert.Contains("https://control.test/", error.Message, StringComparison.Ordinal);
        Assert.Contains("Over http://control.test: Connection refused.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Over https://control.test: Connection refused.", error.Message, StringComparison.Ordinal);
        Assert.Contains("HTTPS_PROXY", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_upgrade_is_an_error_with_the_server_s_words()
    {
        _server.RefuseWith = 403;

        var error = await Assert.ThrowsAsync<ControlConnectionException>(() => PostAsync(Connect(), "/echo", "hello"));

        Assert.Contains("HTTP status 403 where an upgrade was due: not today", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_not_the_key_it_published_is_refused()
    {
        _server.KeyReply = ControlJson.Serialize(new ControlKeys { PublicKey = _machineKey.PublicKey });

        var error = await Assert.ThrowsAsync<ControlConnectionException>(() => PostAsync(Connect(), "/echo", "hello"));

        Assert.Contains("The server refused the handshake", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _server.Channels);
    }

    [Fact]
    public async Task A_server_with_a_new_key_is_found_again()
    {
        _server.KeyReply = ControlJson.Serialize(new ControlKeys { PublicKey = _machineKey.PublicKey });
        var connection = Connect();
        await Assert.ThrowsAsync<ControlConnectionException>(() => PostAsync(connection, "/echo", "hello"));

        _server.KeyReply = null;

        Assert.EndsWith("hello", await PostAsync(connection, "/echo", "hello"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "has no key")]
    [InlineData("<html>", "not the JSON")]
    public async Task An_answer_without_a_key_is_an_error_that_names_the_URL(string reply, string reason)
    {
        _server.KeyReply = Encoding.ASCII.GetBytes(reply);

        var error = await Assert.ThrowsAsync<ControlConnectionException>(() => PostAsync(Connect(), "/echo", "hello"));

        Assert.Contains("https://control.test/key?v=145", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_not_taken_from_a_server_whose_certificate_does_not_verify()
    {
        var error = await Assert.ThrowsAsync<ControlConnectionException>(
            () => PostAsync(Connect(options => options with { ServerCertificateValidation = null }), "/echo", "hello"));

        Assert.Contains("https://control.test/key?v=145", error.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _server.Channels);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_an_error()
    {
        _dialer.Ports[443] = null;

        var error = await Assert.ThrowsAsync<ControlConnectionException>(
            () => PostAsync(Connect(options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(100), Time = TimeProvider.System }), "/echo", "hello"));

        Assert.Contains("https://control.test/", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> PostAsync(ControlConnection connection, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        using var response = await connection.SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/wait")
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync(Stop);
            await _released.Task.WaitAsync(Stop);
            await context.Response.WriteAsync("second");
            return;
        }

        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync(Stop);
        await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Host} {context.Request.Path} {text}");
    }

    private ControlConnection Connect(Func<ControlConnectionOptions, ControlConnectionOptions>? vary = null)
    {
        var options = new ControlConnectionOptions
        {
            ControlUrl = Url,
            MachineKey = _machineKey,
            Dialer = _dialer,
            Proxy = null,
            ForceTls = false,
            // Stands still, so that a slow machine does not make the second way begin.
            Time = new ManualTime(),
            ServerCertificateValidation = (_, certificate, _, _) => certificate!.Equals(_server.Certificate),
        };
        return _connection = new ControlConnection(vary?.Invoke(options) ?? options);
    }
}
