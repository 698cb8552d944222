using System.Net;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.PolicyFile;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.PolicyFile;

public sealed class PolicyFileClientTests : TailnetTest
{
    private const string Policy = """
        {
          // who may give which tag
          "tagOwners": {"tag:k8s-operator": [], "tag:web": ["tag:k8s-operator"],},
          "acls": [{"action": "accept", "src": ["tag:web"], "dst": ["tag:web:443"]}],
          "tests": [{"src": "tag:web", "accept": ["tag:web:443"]}],
        }
        """;

    [Fact]
    public async Task A_policy_is_read_with_its_comments_and_replaced_if_nobody_else_changed_it()
    {
        var before = await Client.PolicyFile.GetAsync(Stop);
        Assert.StartsWith("// The policy file", before.Text, StringComparison.Ordinal);

        var after = await Client.PolicyFile.SetAsync(Policy, before.ETag, Stop);

        Assert.Equal(Policy, after.Text);
        Assert.NotEqual(before.ETag, after.ETag);
        Assert.Equal(Policy, Tailnet.Policy.Text);
        var call = Tailnet.Calls.Snapshot()[^1];
        Assert.Equal($"\"{before.ETag}\"", call.Headers["If-Match"]);
        Assert.Equal("application/hujson", call.Headers["Content-Type"]);
        Assert.Equal("application/hujson", call.Headers["Accept"]);
    }

    [Fact]
    public async Task Replacing_a_policy_that_changed_meanwhile_is_refused_with_a_type_of_its_own()
    {
        var before = await Client.PolicyFile.GetAsync(Stop);
        Tailnet.Policy.Text = Policy;

        var error = await Assert.ThrowsAsync<PreconditionFailedException>(
            () => Client.PolicyFile.SetAsync("{}", before.ETag, Stop));

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        Assert.Equal(Policy, Tailnet.Policy.Text);
        await Client.PolicyFile.SetAsync("{}", ifMatch: null, Stop);
        Assert.Equal("{}", Tailnet.Policy.Text);
    }

    [Fact]
    public async Task The_default_tag_replaces_only_a_policy_that_nobody_ever_set()
    {
        await Client.PolicyFile.SetAsync(Policy, PolicyDocument.DefaultETag, Stop);

        await Assert.ThrowsAsync<PreconditionFailedException>(
            () => Client.PolicyFile.SetAsync(Policy, PolicyDocument.DefaultETag, Stop));
    }

    [Fact]
    public async Task Validation_tells_what_is_wrong_although_the_API_answers_200()
    {
        Assert.True((await Client.PolicyFile.ValidateAsync(Policy, Stop)).IsValid);

        var verdict = await Client.PolicyFile.ValidateAsync("""{"tests": [{"src": "tag:web", "accept": ["tag:web"]}]}""", Stop);

        Assert.False(verdict.IsValid);
        Assert.Equal("invalid policy file", verdict.Message);
        var finding = Assert.Single(verdict.Findings);
        Assert.Equal("tag:web", finding.Subject);
        Assert.Contains("tag:web:443", Assert.Single(finding.Errors), StringComparison.Ordinal);
        Assert.NotEqual("{}", Tailnet.Policy.Text);
    }

    [Fact]
    public async Task A_wrong_policy_is_refused_with_its_findings()
    {
        const string Wrong = """{"acls": [{"action": "deny", "src": ["*"], "dst": ["tag:x:1"]}], "acl": []}""";

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.PolicyFile.SetAsync(Wrong, null, Stop));

        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Equal(["acl", "acls"], error.Subjects.Select(s => s.Subject));
        Assert.Equal(2, error.Subjects[1].Errors.Count);
    }

    [Fact]
    public async Task Setting_a_policy_is_not_tried_again_after_a_lost_answer()
    {
        Tailnet.Faults.Add(Fault.LosingAnswer("POST", "/acl$"));
        var before = await Client.PolicyFile.GetAsync(Stop);

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.PolicyFile.SetAsync(Policy, before.ETag, Stop));

        Assert.Null(error.StatusCode);
        Assert.Equal(1, CallsTo("POST", "/api/v2/tailnet/-/acl"));
    }
}
