using Fairlead.Tailnet.Nodes.Mapping;

namespace Fairlead.Tailnet.Nodes;

public sealed partial class TailnetNode
{
    private readonly Lock _preferencesGate = new();
    private TailnetNodePreferences _preferences;

    /// <summary>
    /// Takes on other preferences; connections are not disturbed. Subnets are led to from the first time that some are advertised.
    /// </summary>
    public void Use(TailnetNodePreferences preferences)
    {
        ArgumentNullException.ThrowIfNull(preferences);
        lock (_preferencesGate)
        {
            var before = _preferences;
            _preferences = preferences;
            _engine.Advertise(preferences);
            _session.Describe(description => description with
            {
                Hostinfo = NodeHostinfo.With(description.Hostinfo, preferences),
                Services = ServiceOffers.Replace(description.Services, before.AdvertiseServices, preferences.AdvertiseServices),
            });
        }
    }
}
