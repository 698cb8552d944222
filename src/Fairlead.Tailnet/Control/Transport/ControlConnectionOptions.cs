using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>How to reach a coordination server.</summary>
public sealed record ControlConnectionOptions
{
    /// <summary>
    /// <c>https://host</c> tries port 80 first, since the channel is encrypted by itself, and 443 shortly after; with a port, only that
    /// is used. <c>http://host:port</c> for servers without TLS.
    /// </summary>
    public required Uri ControlUrl { get; init; }

    /// <summary>Whom the channel proves to be this machine. Not disposed of with the connection.</summary>
    public required MachinePrivateKey MachineKey { get; init; }

    /// <summary>Version of the protocol, and so what the server may send.</summary>
    public int Version { get; init; } = CapabilityVersion.Current;

    /// <summary>Use TLS on port 443 only, for networks that break what is not: <c>TS_FORCE_NOISE_443</c> of the environment.</summary>
    public bool ForceTls { get; init; } = Environment.GetEnvironmentVariable("TS_FORCE_NOISE_443") is "1" or "true" or "t" or "T" or "TRUE" or "True";

    /// <summary>Null for none. By default that of the environment: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>.</summary>
    public IWebProxy? Proxy { get; init; } = HttpClient.DefaultProxy;

    /// <summary>How TCP connections are made.</summary>
    public IControlDialer Dialer { get; init; } = ControlDialer.Instance;

    /// <summary>Longest time from the first attempt to an open channel.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Verifies the server's certificate when its key is fetched; null for the system's way. The channel itself depends on no certificate.
    /// </summary>
    public RemoteCertificateValidationCallback? ServerCertificateValidation { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where ephemeral keys come from; the system's generator if null.</summary>
    public RandomNumberGenerator? Random { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
