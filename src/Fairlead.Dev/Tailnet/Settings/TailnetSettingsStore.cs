namespace Fairlead.Dev.Tailnet.Settings;

/// <summary>The tailnet's settings. They are kept and given back; only what is public here matters to the embedded tailnet.</summary>
public sealed class TailnetSettingsStore
{
    private const int DefaultKeyDays = 180;

    private readonly Lock _gate = new();
    private readonly Action _changed;

    private SettingsBody _settings = new()
    {
        AclsExternallyManagedOn = false,
        AclsExternalLink = "",
        DevicesApprovalOn = false,
        DevicesAutoUpdatesOn = false,
        DevicesKeyDurationDays = DefaultKeyDays,
        UsersApprovalOn = false,
        UsersRoleAllowedToJoinExternalTailnets = "none",
        NetworkFlowLoggingOn = false,
        RegionalRoutingOn = false,
        PostureIdentityCollectionOn = false,
        HttpsEnabled = true,
    };

    /// <param name="changed">Told of each change.</param>
    internal TailnetSettingsStore(Action changed) => _changed = changed;

    /// <summary>May devices get certificates for their names?</summary>
    public bool HttpsEnabled
    {
        get => Read().HttpsEnabled ?? false;
        set => Patch(new SettingsBody { HttpsEnabled = value });
    }

    /// <summary>Must an administrator approve new devices?</summary>
    public bool DevicesApprovalOn
    {
        get => Read().DevicesApprovalOn ?? false;
        set => Patch(new SettingsBody { DevicesApprovalOn = value });
    }

    /// <summary>How long the node keys of devices without tags last.</summary>
    internal TimeSpan KeyDuration => TimeSpan.FromDays(Read().DevicesKeyDurationDays ?? DefaultKeyDays);

    internal SettingsBody Read()
    {
        lock (_gate) return _settings;
    }

    internal SettingsBody Patch(SettingsBody changes)
    {
        SettingsBody settings;
        lock (_gate)
        {
            var old = _settings;
            settings = _settings = new SettingsBody
            {
                AclsExternallyManagedOn = changes.AclsExternallyManagedOn ?? old.AclsExternallyManagedOn,
                AclsExternalLink = changes.AclsExternalLink ?? old.AclsExternalLink,
                DevicesApprovalOn = changes.DevicesApprovalOn ?? old.DevicesApprovalOn,
                DevicesAutoUpdatesOn = changes.DevicesAutoUpdatesOn ?? old.DevicesAutoUpdatesOn,
                DevicesKeyDurationDays = changes.DevicesKeyDurationDays ?? old.DevicesKeyDurationDays,
                UsersApprovalOn = changes.UsersApprovalOn ?? old.UsersApprovalOn,
                UsersRoleAllowedToJoinExternalTailnets =
                    changes.UsersRoleAllowedToJoinExternalTailnets ?? old.UsersRoleAllowedToJoinExternalTailnets,
                NetworkFlowLoggingOn = changes.NetworkFlowLoggingOn ?? old.NetworkFlowLoggingOn,
                RegionalRoutingOn = changes.RegionalRoutingOn ?? old.RegionalRoutingOn,
                PostureIdentityCollectionOn = changes.PostureIdentityCollectionOn ?? old.PostureIdentityCollectionOn,
                HttpsEnabled = changes.HttpsEnabled ?? old.HttpsEnabled,
            };
        }
        _changed();
        return settings;
    }
}
