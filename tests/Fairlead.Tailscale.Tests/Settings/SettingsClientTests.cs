using Fairlead.Tailscale.Settings;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Settings;

public sealed class SettingsClientTests : TailnetTest
{
    [Fact]
    public async Task A_patch_sends_and_changes_only_what_is_set()
    {
        Assert.True((await Client.Settings.GetAsync(Stop)).HttpsEnabled);

        var after = await Client.Settings.PatchAsync(new TailnetSettings { HttpsEnabled = false, DevicesKeyDurationDays = 30 }, Stop);

        Assert.False(after.HttpsEnabled);
        Assert.Equal(30, after.DevicesKeyDurationDays);
        Assert.Equal("none", after.UsersRoleAllowedToJoinExternalTailnets);
        Assert.False(Tailnet.Settings.HttpsEnabled);
        Assert.Equal("""{"devicesKeyDurationDays":30,"httpsEnabled":false}""", Tailnet.Calls.Snapshot()[^1].Body);
    }
}
