using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.LocalApi;

/// <remarks>
/// Reading gives null to a text that is absent, whatever its initializer says: <c>init</c> accessors make that empty.
/// </remarks>
[JsonSerializable(typeof(DaemonStatus))]
[JsonSerializable(typeof(Notify))]
[JsonSerializable(typeof(Preferences))]
[JsonSerializable(typeof(DnsConfiguration))]
[JsonSerializable(typeof(ReloadReply))]
[JsonSerializable(typeof(WarningReply))]
[JsonSerializable(typeof(PingReply))]
[JsonSerializable(typeof(WhoIsReply))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class LocalApiJson : JsonSerializerContext;
