using System.Net;
using System.Text;
using Fairlead.Dev.Tailnet;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>A machine that speaks the control protocol by hand, over a real socket: just enough to see what the server does.</summary>
/// <param name="seed">Makes its keys the same each time; null for new ones.</param>
internal sealed class TestMachine(EmbeddedTailnet tailnet, byte? seed = null) : IAsyncDisposable
{
    private readonly MachinePrivateKey _key = seed is { } s ? MachinePrivateKey.Parse(KeyText(s)) : MachinePrivateKey.Generate();
    private readonly List<TestMapStream> _streams = [];
    private HttpClient? _http;

    public NodePrivateKey NodeKey { get; private set; } = seed is { } s ? NodePrivateKey.Parse(KeyText((byte)(s + 100))) : NodePrivateKey.Generate();

    public DiscoPublicKey DiscoKey { get; } = new(PublicKeyOf(1));

    public EarlyNoise? EarlyPayload { get; private set; }

    public Hostinfo Hostinfo { get; set; } = new() { BackendLogID = "log", OS = "linux", Hostname = "web", IPNVersion = "1.96.5" };

    public int Version { get; init; } = CapabilityVersion.Current;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Http => _http ??= NewHttp();

    public static PublicKey PublicKeyOf(byte filler)
    {
        var bytes = new byte[PublicKey.Size];
        Array.Fill(bytes, filler);
        return new PublicKey(bytes);
    }

    private static string KeyText(byte filler) => "privkey:" + string.Concat(Enumerable.Repeat($"{filler:x2}", PublicKey.Size));

    public void NewNodeKey() => NodeKey = NodePrivateKey.Generate();

    public Task<RegisterResponse> RegisterAsync(string? authKey = null, Func<RegisterRequest, RegisterRequest>? vary = null)
    {
        var request = new RegisterRequest
        {
            Version = Version,
            NodeKey = NodeKey.PublicKey,
            Hostinfo = Hostinfo,
            Auth = authKey is null ? null : new RegisterAuth { AuthKey = authKey },
        };
        return PostAsync<RegisterRequest, RegisterResponse>("/machine/register", vary?.Invoke(request) ?? request);
    }

    /// <summary>Joins with a new key of these tags, or as the owner's without any.</summary>
    public async Task<TestMachine> JoinAsync(string hostname, params string[] tags)
    {
        Hostinfo = Hostinfo with { Hostname = hostname };
        var response = await RegisterAsync(tailnet.Keys.Create(tags).Secret);
        Assert.Equal("", response.Error);
        return this;
    }

    /// <param name="handle">Session to go on with, after its message number <paramref name="seq"/>.</param>
    public async Task<TestMapStream> StreamAsync(MapCompression compression = MapCompression.None, string handle = "", long seq = 0)
    {
        var request = Request(new MapRequest
        {
            Stream = true,
            KeepAlive = true,
            Compress = compression == MapCompression.Zstd ? MapRequest.Zstd : "",
            MapSessionHandle = handle,
            MapSessionSeq = seq,
        });
        using var message = Post("/machine/map", ControlJson.Serialize(request));
        var response = await Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stream = new TestMapStream(response, await response.Content.ReadAsStreamAsync(Stop), compression);
        _streams.Add(stream);
        return stream;
    }

    public Task<HttpStatusCode> UpdateAsync(params string[] endpoints) => UpdateAsync(new MapRequest
    {
        Hostinfo = Hostinfo,
        DiscoKey = DiscoKey,
        Endpoints = [.. endpoints.Select(IPEndPoint.Parse)],
    });

    public async Task<HttpStatusCode> UpdateAsync(MapRequest request)
    {
        using var response = await SendAsync(Post("/machine/map", ControlJson.Serialize(Request(request) with { OmitPeers = true })));
        return response.StatusCode;
    }

    public async Task<TResponse> PostAsync<TRequest, TResponse>(string path, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        using var response = await SendAsync(Post(path, ControlJson.Serialize(request)));
        var body = await response.Content.ReadAsByteArrayAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        return ControlJson.Deserialize<TResponse>(body);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message)
    {
        using (message) return await Http.SendAsync(message, Stop);
    }

    public static HttpRequestMessage Post(string path, byte[] body) => new(HttpMethod.Post, $"http://control{path}")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent(body),
    };

    public Task<HttpResponseMessage> PostAsync(string url, byte[] body) => SendAsync(Post(new Uri(url).PathAndQuery, body));

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams) await stream.DisposeAsync();
        _http?.Dispose();
        _key.Dispose();
        NodeKey.Dispose();
    }

    private MapRequest Request(MapRequest request) => request with { Version = Version, NodeKey = NodeKey.PublicKey };

    private HttpClient NewHttp() => new(new SocketsHttpHandler { ConnectCallback = async (_, ct) => await ConnectAsync(ct) });

    private async Task<Stream> ConnectAsync(CancellationToken ct)
    {
        using var initiator = new NoiseInitiator(_key, tailnet.Coordination.PublicKey, Version);
        var transport = await UpgradedConnection.OpenAsync(tailnet.BaseAddress.Port, initiator, ct);
        var channel = new EarlyPayloadStream(await NoiseStream.ConnectAsync(transport, initiator, ct));
        _ = channel.Payload.ContinueWith(payload => EarlyPayload = payload.Result, ct, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return channel;
    }
}
