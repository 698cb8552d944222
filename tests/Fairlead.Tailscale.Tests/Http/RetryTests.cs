using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Http;

public sealed class RetryTests : TailnetTest
{
    private const string Keys = "/api/v2/tailnet/-/keys";

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Reading_goes_on_after_a_passing_failure(int status)
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/keys$", status));

        var list = Client.Keys.ListAsync(ct: Stop);
        var wait = await PassRetryWaitAsync();

        Assert.Empty(await list);
        Assert.InRange(wait, TimeSpan.FromMilliseconds(125), TimeSpan.FromMilliseconds(250));
        Assert.Equal(2, CallsTo("GET", Keys));
    }

    [Fact]
    public async Task Waits_grow_and_end_with_the_last_try()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/keys$", 503) with { Times = 10 });

        var list = Client.Keys.ListAsync(ct: Stop);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 3; i++) waits.Add(await PassRetryWaitAsync());

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => list);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Equal("503 Service Unavailable: injected fault 503", error.Detail);
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(4, CallsTo("GET", Keys));
    }

    [Fact]
    public async Task Retry_after_in_seconds_is_waited_for()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/keys$", 429) with { RetryAfter = "7" });

        var list = Client.Keys.ListAsync(ct: Stop);
        var wait = await PassRetryWaitAsync();
        await list;

        Assert.InRange(wait, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Retry_after_as_a_date_is_waited_for()
    {
        var date = Time.GetUtcNow().AddSeconds(5).ToString("R", CultureInfo.InvariantCulture);
        Tailnet.Faults.Add(Fault.Answering("GET", "/keys$", 503) with { RetryAfter = date });

        var list = Client.Keys.ListAsync(ct: Stop);
        var wait = await PassRetryWaitAsync();
        await list;

        Assert.InRange(wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task A_long_retry_after_is_handed_to_the_caller_at_once()
    {
        Tailnet.Faults.Add(Fault.Answering("POST", "/keys$", 429) with { RetryAfter = "90" });

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Keys.CreateAsync(ProxyKey, Stop));

        Assert.Equal(TimeSpan.FromSeconds(90), error.RetryAfter);
        Assert.Equal(HttpStatusCode.TooManyRequests, error.StatusCode);
        Assert.Equal(1, CallsTo("POST", Keys));
    }

    [Fact]
    public async Task A_key_is_asked_for_again_after_429()
    {
        Tailnet.Faults.Add(Fault.Answering("POST", "/keys$", 429));

        var create = Client.Keys.CreateAsync(ProxyKey, Stop);
        await PassRetryWaitAsync();

        Assert.Equal((await create).Id, Assert.Single(Tailnet.Keys.Snapshot()).Id);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_key_is_not_asked_for_again_after_5xx(int status)
    {
        Tailnet.Faults.Add(Fault.Answering("POST", "/keys$", status) with { RetryAfter = "3" });

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Keys.CreateAsync(ProxyKey, Stop));

        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
        Assert.Equal(1, CallsTo("POST", Keys));
    }

    [Fact]
    public async Task A_key_whose_answer_got_lost_is_not_asked_for_again()
    {
        Tailnet.Faults.Add(Fault.LosingAnswer("POST", "/keys$"));

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Keys.CreateAsync(ProxyKey, Stop));

        Assert.Null(error.StatusCode);
        Assert.Single(Tailnet.Keys.Snapshot());
    }

    [Fact]
    public async Task A_device_whose_deletion_got_no_answer_is_deleted_again()
    {
        var device = Tailnet.Devices.Register(new DeviceRegistration { Hostname = "web" });
        Tailnet.Faults.Add(Fault.LosingAnswer("DELETE", "/device/"));

        var delete = Client.Devices.DeleteAsync(device.NodeId, Stop);
        await PassRetryWaitAsync();

        Assert.Equal(DeleteOutcome.AlreadyGone, await delete);
        Assert.Empty(Tailnet.Devices.Snapshot());
    }

    [Fact]
    public async Task Reading_goes_on_after_a_cut_connection()
    {
        Tailnet.Faults.Add(Fault.Cutting("GET", "/devices$") with { Times = 2 });

        var list = Client.Devices.ListAsync(Stop);
        await PassRetryWaitAsync();
        await PassRetryWaitAsync();

        Assert.Empty(await list);
    }

    [Fact]
    public async Task A_key_is_asked_for_again_when_no_connection_came_about()
    {
        using var unbound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unbound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: connecting is refused
        var client = NewClient(vary: o => o with { BaseAddress = new Uri($"http://{unbound.LocalEndPoint}"), MaxAttempts = 3 });

        var create = client.Keys.CreateAsync(ProxyKey, Stop);
        await PassRetryWaitAsync();
        await PassRetryWaitAsync();

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => create);
        Assert.Null(error.StatusCode);
        Assert.Contains("refused", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(501)]
    public async Task What_will_not_pass_by_itself_is_not_tried_again(int status)
    {
        Tailnet.Faults.Add(Fault.Answering("DELETE", "/device/", status));

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Devices.DeleteAsync("n1", Stop));

        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.Equal(1, CallsTo("DELETE", "/api/v2/device/n1"));
    }

    [Fact]
    public async Task A_redirect_is_an_error_and_not_followed()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/devices$", 302));

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Devices.ListAsync(Stop));

        Assert.Equal(HttpStatusCode.Redirect, error.StatusCode);
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_at_its_time_limit()
    {
        await Client.Devices.ListAsync(Stop);
        Tailnet.Faults.Add(Fault.Delaying("GET", "/devices$", TimeSpan.FromHours(1)));

        var list = Client.Devices.ListAsync(Stop);
        await Time.WaiterAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(1), Stop);
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(list.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => list);
        Assert.Equal("GET /api/v2/tailnet/-/devices: no answer within 60 s", error.Message);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        Tailnet.Faults.Add(Fault.Delaying("GET", "/devices$", TimeSpan.FromHours(1)));
        using var cancel = new CancellationTokenSource();

        var list = Client.Devices.ListAsync(cancel.Token);
        await Time.WaiterAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(1), Stop);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list);
    }
}
