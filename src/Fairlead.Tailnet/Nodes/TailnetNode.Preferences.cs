namespace Fairlead.Tailnet.Nodes;

public sealed partial class TailnetNode
{
    private readonly Lock _preferencesGate = new();

    /// <summary>
    /// Takes on other preferences; connections are not disturbed. Subnets are led to from the first time that some are advertised.
    /// </summary>
    public void Use(TailnetNodePreferences preferences)
    {
        ArgumentNullException.ThrowIfNull(preferences);
        lock (_preferencesGate)
        {
            _engine.Advertise(preferences);
            _offers.Advertise(preferences.AdvertiseServices);
            _session.Describe(description => description with
            {
                Hostinfo = NodeHostinfo.With(description.Hostinfo, preferences),
                Services = _offers.Current,
            });
        }
    }
}
