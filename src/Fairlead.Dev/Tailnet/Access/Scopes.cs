namespace Fairlead.Dev.Tailnet.Access;

/// <summary>The scopes this API knows, and what includes what: a scope includes its <c>:read</c>.</summary>
public static class Scopes
{
    public const string All = "all";
    public const string AllRead = "all:read";
    public const string AuthKeys = "auth_keys";
    public const string AuthKeysRead = "auth_keys:read";
    public const string Devices = "devices:core";
    public const string DevicesRead = "devices:core:read";
    public const string Routes = "devices:routes";
    public const string RoutesRead = "devices:routes:read";
    public const string Services = "services";
    public const string ServicesRead = "services:read";
    public const string Settings = "feature_settings";
    public const string SettingsRead = "feature_settings:read";
    public const string PolicyFile = "policy_file";
    public const string PolicyFileRead = "policy_file:read";

    /// <summary>Asks for a valid token and nothing more.</summary>
    internal const string Any = "";

    // The older scope of the same name stands for these.
    private const string LegacyDevices = "devices";
    private const string ReadSuffix = ":read";

    private static readonly HashSet<string> Known =
    [
        All, AllRead, AuthKeys, AuthKeysRead, Devices, DevicesRead, Routes, RoutesRead, Services, ServicesRead, Settings, SettingsRead,
        PolicyFile, PolicyFileRead, LegacyDevices, LegacyDevices + ReadSuffix,
    ];

    /// <summary>What upstream's installation guide has the operator's OAuth client get.</summary>
    public static IReadOnlyList<string> Operator { get; } = [AuthKeys, Devices, Services];

    internal static bool IsKnown(string scope) => Known.Contains(scope);

    internal static bool Allows(IReadOnlyList<string> granted, string scope) => scope == Any || granted.Any(g => Includes(g, scope));

    private static bool Includes(string granted, string scope)
    {
        if (granted == scope || granted == All) return true;
        var isRead = scope.EndsWith(ReadSuffix, StringComparison.Ordinal);
        if (granted == AllRead) return isRead;
        if (isRead && granted + ReadSuffix == scope) return true;
        var bare = isRead ? scope[..^ReadSuffix.Length] : scope;
        return bare is AuthKeys or Devices && (granted == LegacyDevices || (isRead && granted == LegacyDevices + ReadSuffix));
    }
}
