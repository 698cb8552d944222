using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>
/// Talks to a tailscaled through its unix socket. Answers of older and newer daemons are read alike: unknown fields are passed over. Every
/// call throws <see cref="LocalApiException"/> when it is refused or not answered. Safe for concurrent use.
/// </summary>
public sealed class LocalApiClient : IDisposable
{
    private readonly LocalApiChannel _channel;

    public LocalApiClient(LocalApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _channel = new LocalApiChannel(options);
    }

    /// <summary>Capability version of the daemon, from its last answer; 0 before the first.</summary>
    public int DaemonCapability => _channel.DaemonCapability;

    public void Dispose() => _channel.Dispose();

    /// <param name="peers">Whether peers are told as well; with many of them the answer is large.</param>
    public Task<DaemonStatus> GetStatusAsync(bool peers = true, CancellationToken cancellationToken = default) =>
        _channel.JsonAsync(Get("status", peers ? "" : "?peers=false"), LocalApiJson.Default.DaemonStatus, cancellationToken);

    public Task<Preferences> GetPreferencesAsync(CancellationToken cancellationToken = default) =>
        _channel.JsonAsync(Get("prefs"), LocalApiJson.Default.Preferences, cancellationToken);

    /// <returns>The preferences after the change.</returns>
    public Task<Preferences> EditPreferencesAsync(PreferencesPatch patch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _channel.JsonAsync(
            new LocalApiCall(HttpMethod.Patch, "prefs") { Body = patch.ToJson().ToJsonString() }, LocalApiJson.Default.Preferences, cancellationToken);
    }

    /// <summary>Notifications until the daemon ends the stream, which it does when it stops.</summary>
    public async IAsyncEnumerable<Notify> WatchAsync(NotifyWatch mask, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = Get("watch-ipn-bus", string.Create(CultureInfo.InvariantCulture, $"?mask={(int)mask}"));
        using var response = await _channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var values = JsonSerializer.DeserializeAsyncEnumerable(body, LocalApiJson.Default.Notify, topLevelValues: true, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (values.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await values.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (Exception e) when (e is IOException or HttpRequestException or JsonException && !cancellationToken.IsCancellationRequested)
                {
                    throw new LocalApiException(call.Method, call.Name, $"the stream was cut off: {e.Message}", e);
                }

                if (values.Current is { } notify)
                {
                    yield return notify;
                }
            }
        }
    }

    public Task<ServeConfigReply> GetServeConfigAsync(CancellationToken cancellationToken = default) =>
        _channel.CallAsync(
            Get("serve-config"),
            async (response, token) =>
            {
                var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                var config = await JsonNode.ParseAsync(body, cancellationToken: token).ConfigureAwait(false) as JsonObject;

                // The daemon writes null for none; its tag has no quotes, which the typed header would refuse.
                var tag = response.Headers.NonValidated.TryGetValues("Etag", out var tags) ? tags.ToString() : "";
                return new ServeConfigReply(config ?? [], tag);
            },
            cancellationToken);

    /// <param name="json">The whole configuration; <c>{}</c> serves nothing.</param>
    /// <param name="etag">That of the configuration it was made from; null to overwrite whatever is there.</param>
    public Task SetServeConfigAsync(string json, string? etag = null, CancellationToken cancellationToken = default) =>
        _channel.TextAsync(Post("serve-config") with { Body = json, IfMatch = etag }, cancellationToken);

    /// <param name="domain">One of the node's certificate names.</param>
    /// <param name="minValidity">A kept certificate that is valid for less is renewed; zero for the daemon's choice.</param>
    /// <param name="timeout">An authority may take minutes.</param>
    public Task<CertificatePair> GetCertificateAsync(string domain, TimeSpan minValidity, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        var query = "?type=pair" + (minValidity > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"&min_validity={(long)minValidity.TotalSeconds}s") : "");
        var call = Get($"cert/{Uri.EscapeDataString(domain)}", query) with { Timeout = timeout };
        return _channel.CallAsync(
            call,
            async (response, token) =>
            {
                var pem = await response.Content.ReadAsStringAsync(token).ConfigureAwait(false);
                try
                {
                    return CertificatePair.Parse(pem);
                }
                catch (FormatException e)
                {
                    throw new LocalApiException(call.Method, call.Name, e.Message);
                }
            },
            cancellationToken);
    }

    /// <summary>Names that the control plane would issue certificates for. Older daemons tell them in their status alone.</summary>
    public Task<IReadOnlyList<string>> GetCertDomainsAsync(CancellationToken cancellationToken = default) =>
        _channel.JsonAsync(Get("cert-domains"), LocalApiJson.Default.IReadOnlyListString, cancellationToken);

    public Task<DnsConfiguration> GetDnsConfigAsync(CancellationToken cancellationToken = default) =>
        _channel.JsonAsync(Get("dns-config"), LocalApiJson.Default.DnsConfiguration, cancellationToken);

    /// <summary>Metrics for users in Prometheus' text format.</summary>
    public Task<string> GetUserMetricsAsync(CancellationToken cancellationToken = default) =>
        _channel.TextAsync(Get("usermetrics"), cancellationToken);

    /// <summary>Takes on the configuration file as it is now.</summary>
    public async Task ReloadConfigAsync(CancellationToken cancellationToken = default)
    {
        var call = Post("reload-config");
        var text = await _channel.TextAsync(call, cancellationToken).ConfigureAwait(false);
        var reply = Parse(call, text);
        if (!reply.Reloaded)
        {
            throw new LocalApiException(call.Method, call.Name, reply.Err.Length > 0 ? Errors.Redaction.Apply(reply.Err, []) : "the configuration file was not taken on");
        }
    }

    /// <summary>Ends the talk with the control plane until the daemon is started anew.</summary>
    public Task DisconnectControlAsync(CancellationToken cancellationToken = default) => _channel.TextAsync(Post("disconnect-control"), cancellationToken);

    /// <summary>Begins anew with the preferences that it has, which are to be edited before.</summary>
    /// <param name="authKey">Lets the device in without a person; null if it needs none.</param>
    public Task StartAsync(SecretText? authKey = null, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject();
        if (authKey is not null)
        {
            body["AuthKey"] = authKey.Reveal();
        }

        return _channel.TextAsync(
            Post("start") with { Body = body.ToJsonString(), Secrets = authKey is null ? [] : [authKey.Reveal()] }, cancellationToken);
    }

    /// <summary>Asks for a page where a person logs in; it comes as a notification.</summary>
    public Task LoginInteractiveAsync(CancellationToken cancellationToken = default) => _channel.TextAsync(Post("login-interactive"), cancellationToken);

    /// <summary>Forgets the node here and in the tailnet.</summary>
    public Task LogoutAsync(CancellationToken cancellationToken = default) => _channel.TextAsync(Post("logout"), cancellationToken);

    /// <summary>Has the network card forward UDP in batches.</summary>
    /// <returns>Why that is not so; empty if it is.</returns>
    public async Task<string> SetUdpGroForwardingAsync(CancellationToken cancellationToken = default) =>
        (await _channel.JsonAsync(Post("set-udp-gro-forwarding"), LocalApiJson.Default.WarningReply, cancellationToken).ConfigureAwait(false)).Warning;

    /// <param name="address">An IP address, with or without a port, or a node key.</param>
    /// <returns>Null if nobody is.</returns>
    public async Task<WhoIsReply?> WhoIsAsync(string address, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        try
        {
            return await _channel.JsonAsync(Get("whois", $"?addr={Uri.EscapeDataString(address)}"), LocalApiJson.Default.WhoIsReply, cancellationToken).ConfigureAwait(false);
        }
        catch (LocalApiException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound && !e.IsUnknownCall)
        {
            return null;
        }
    }

    /// <param name="timeout">How long to wait for the peer.</param>
    public Task<PingReply> PingAsync(string address, PingType type, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var name = type switch
        {
            PingType.Disco => "disco",
            PingType.Tsmp => "TSMP",
            PingType.Icmp => "ICMP",
            PingType.PeerApi => "peerapi",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        return _channel.JsonAsync(
            Post("ping") with { Query = $"?ip={Uri.EscapeDataString(address)}&type={name}", Timeout = timeout }, LocalApiJson.Default.PingReply, cancellationToken);
    }

    private static LocalApiCall Get(string name, string query = "") => new(HttpMethod.Get, name) { Query = query };

    private static LocalApiCall Post(string name) => new(HttpMethod.Post, name);

    /// <summary>A failed reload may answer with nothing at all.</summary>
    private static ReloadReply Parse(LocalApiCall call, string text)
    {
        try
        {
            return text.Length == 0 ? new ReloadReply() : JsonSerializer.Deserialize(text, LocalApiJson.Default.ReloadReply) ?? new ReloadReply();
        }
        catch (JsonException e)
        {
            throw new LocalApiException(call.Method, call.Name, "the answer is not the JSON expected", e);
        }
    }
}
