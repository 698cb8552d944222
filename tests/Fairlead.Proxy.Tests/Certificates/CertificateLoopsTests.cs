using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Tests.Tailscaled;
using Fairlead.Testing;

namespace Fairlead.Proxy.Tests.Certificates;

public sealed class CertificateLoopsTests
{
    private const string Domain = "web.example.ts.net";

    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_is_asked_for_once_the_tailnet_allows_it_and_looked_at_each_day()
    {
        await using var daemon = await StartAsync();
        var device = await daemon.StartAsync(time: _time);
        await using var loops = new CertificateLoops(device, _time, daemon.Log.CreateLogger(""));

        await loops.UseAsync([Domain], []);
        await Wait.UntilAsync("it waits", () => daemon.Log.Text.Contains($"allows no certificate for {Domain} yet", StringComparison.Ordinal));
        Assert.Equal(0, daemon.CertificatesAsked);
        await loops.UseAsync([Domain], [Domain]);
        await _time.WaiterAsync(TimeSpan.FromHours(24), TimeSpan.FromHours(24), Stop);
        Assert.Equal(1, daemon.CertificatesAsked);

        _time.Advance(TimeSpan.FromHours(24));
        await Wait.UntilAsync("it is looked at again", () => daemon.CertificatesAsked == 2);
    }

    [Fact]
    public async Task Limits_of_the_authority_are_kept_and_failures_repeated_by_schedule()
    {
        await using var daemon = await StartAsync();
        var device = await daemon.StartAsync(time: _time);
        await using var loops = new CertificateLoops(device, _time, daemon.Log.CreateLogger(""));
        daemon.CertificateAnswer = (429, "7200");

        await loops.UseAsync([Domain], [Domain]);
        await AfterAsync(TimeSpan.FromHours(2), asked: 1);
        daemon.CertificateAnswer = (500, null);
        _time.Advance(TimeSpan.FromHours(2));
        await AfterAsync(TimeSpan.FromMinutes(1), asked: 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        await AfterAsync(TimeSpan.FromMinutes(10), asked: 3);

        async Task AfterAsync(TimeSpan wait, int asked)
        {
            await Wait.UntilAsync("it failed", () => daemon.Log.Text.Contains($"asking again in {wait}", StringComparison.Ordinal));
            await _time.WaiterAsync(wait, wait, Stop);
            Assert.Equal(asked, daemon.CertificatesAsked);
        }
    }

    [Fact]
    public async Task A_name_that_is_served_no_more_is_asked_for_no_more()
    {
        await using var daemon = await StartAsync();
        var device = await daemon.StartAsync(time: _time);
        await using var loops = new CertificateLoops(device, _time, daemon.Log.CreateLogger(""));
        await loops.UseAsync([Domain], [Domain]);
        await _time.WaiterAsync(TimeSpan.FromHours(24), TimeSpan.FromHours(24), Stop);

        await loops.UseAsync([], [Domain]);
        _time.Advance(TimeSpan.FromHours(24));

        Assert.Equal(1, daemon.CertificatesAsked);
    }

    private static async Task<DaemonStandIn> StartAsync()
    {
        var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        return daemon;
    }
}
