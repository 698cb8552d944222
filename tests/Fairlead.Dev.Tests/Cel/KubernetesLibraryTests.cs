using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class KubernetesLibraryTests
{
    [Theory]
    [InlineData("[1, 2, 2].isSorted() && ![2, 1].isSorted() && [].isSorted() && ['a', 'b'].isSorted()")]
    [InlineData("[1, 2, 3].sum() == 6 && [1.5, 0.5].sum() == 2.0 && [].sum() == 0 && [duration('1m'), duration('1s')].sum() == duration('61s')")]
    [InlineData("[3, 1, 2].min() == 1 && [3, 1, 2].max() == 3 && ['b', 'a'].min() == 'a'")]
    [InlineData("[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [1].indexOf(2) == -1")]
    [InlineData("sets.contains([1, 2], [2]) && !sets.contains([1], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1, 2], [2, 3])")]
    [InlineData("sets.contains([], []) && !sets.intersects([1], [])")]
    public void Lists_are_summed_ordered_and_searched(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("[].min()")]
    [InlineData("['a'].sum()")]
    [InlineData("[self].max()")]
    [InlineData("[9223372036854775807, 1].sum()")]
    public void A_list_without_a_result_fails(string expression) => Expressions.EvaluationFault(expression);

    [Theory]
    [InlineData("'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]+') == ''")]
    [InlineData("'1, 2, 3'.findAll('[0-9]+') == ['1', '2', '3'] && '1, 2, 3'.findAll('[0-9]+', 2) == ['1', '2']")]
    [InlineData("'1, 2, 3, 4'.findAll('[0-9]+').map(x, int(x)).sum() == 10")]
    [InlineData("'abc'.matches('b') && !'abc'.matches('^b$') && matches('abc', '^a.c$')")]
    [InlineData("!'abc\\n'.matches('abc$') && 'a\\nb'.matches('(?s)a.b') && !'a\\nb'.matches('a.b')")]
    [InlineData("!'٣'.matches('\\\\d') && !'é'.matches('\\\\w') && '5_'.matches('^[\\\\d\\\\w]+$')")]
    [InlineData("'foo'.matches('(?P<name>o+)') && 'ABC'.matches('(?i)abc') && 'abc'.matches('^[[:alpha:]]+$')")]
    [InlineData("'a.b'.matches('\\\\Qa.b\\\\E') && 'é'.matches('^\\\\pL$') && 'x]'.matches('^x[]]$') && '-'.matches('^[\\\\W]$')")]
    [InlineData("'\\t'.matches('^\\\\s$') && '€'.matches('^\\\\x{20AC}$') && !'a'.matches('^[^\\\\w]$')")]
    public void Patterns_read_as_RE2_reads_them(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("'a'.matches('(?=a)')")]
    [InlineData("'a'.matches('(a)\\\\1')")]
    [InlineData("'a'.matches('[a')")]
    [InlineData("'a'.matches('a\\\\')")]
    public void A_pattern_RE2_does_not_know_is_rejected(string expression) => Expressions.CompileFault(expression);

    [Fact]
    public void A_pattern_from_the_data_that_is_none_fails_the_evaluation() =>
        Assert.Equal(CelErrorReason.InvalidArgument, Expressions.EvaluationFault("'a'.matches(self)", "\"[\"").Reason);

    [Theory]
    [InlineData("isURL('https://example.com:80/') && isURL('/path') && !isURL('example.com') && !isURL('') && !isURL('../x') && !isURL('https://a b.com/')")]
    [InlineData("url('https://example.com:80/').getHost() == 'example.com:80' && url('https://example.com:80/').getHostname() == 'example.com'")]
    [InlineData("url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == '80' && url('https://x/').getPort() == ''")]
    [InlineData("url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'")]
    [InlineData("url('https://u:p@example.com/x?k=v&k=w%20x&a=#f').getQuery() == {'k': ['v', 'w x'], 'a': ['']}")]
    [InlineData("url('HTTPS://example.com').getScheme() == 'https' && url('/p').getScheme() == '' && url('https://x/a%20b').getEscapedPath() == '/a%20b'")]
    [InlineData("!isURL('https://x/%zz') && !isURL('https://x:port/') && !isURL(':foo') && isURL('mailto:a@b.c')")]
    public void A_URL_gives_its_parts(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("isQuantity('1.5Gi') && isQuantity('10m') && isQuantity('1e3') && isQuantity('-2k') && isQuantity('.5')")]
    [InlineData("!isQuantity('200K') && !isQuantity('Three') && !isQuantity('Mi') && !isQuantity('') && !isQuantity('1,3G') && !isQuantity('1.2.3')")]
    [InlineData("quantity('50k').asInteger() == 50000 && quantity('1Ki').asInteger() == 1024 && quantity('1E').asInteger() == 1000000000000000000")]
    [InlineData("quantity('500000G').isInteger() && !quantity('50m').isInteger() && !quantity('9999999999999999999999999999999999999G').isInteger()")]
    [InlineData("quantity('50k').sub(20000).asApproximateFloat() == 30000.0")]
    [InlineData("quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')")]
    [InlineData("quantity('200M').compareTo(quantity('0.2G')) == 0 && quantity('50M').compareTo(quantity('50Mi')) == -1")]
    [InlineData("quantity('150Mi').isGreaterThan(quantity('100Mi')) && quantity('50M').isLessThan(quantity('100M'))")]
    [InlineData("quantity('-1').sign() == -1 && sign(quantity('0')) == 0 && quantity('0.1').add(quantity('0.2')) == quantity('300m')")]
    public void A_quantity_computes_exactly(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("quantity('1m').asInteger()")]
    [InlineData("quantity('200K')")]
    [InlineData("url('not a url')")]
    [InlineData("ip('::ffff:1.2.3.4')")]
    [InlineData("cidr('10.0.0.0/33')")]
    [InlineData("semver('1.0')")]
    public void A_text_that_is_none_of_the_kind_fails(string expression) =>
        Assert.Equal(CelErrorReason.InvalidArgument, Expressions.EvaluationFault(expression).Reason);

    [Theory]
    [InlineData("isIP('127.0.0.1') && isIP('::1') && isIP('fd7a:115c:a1e0::1')")]
    [InlineData("!isIP('127.0.0.256') && !isIP(':::1') && !isIP('01.2.3.4') && !isIP('1.2.3') && !isIP('fe80::1%eth0') && !isIP('::ffff:1.2.3.4') && !isIP('[::1]')")]
    [InlineData("ip('127.0.0.1').family() == 4 && ip('::1').family() == 6 && string(ip('2001:DB8::0:1')) == '2001:db8::1'")]
    [InlineData("ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8::0:0:0:abcd') && ip.isCanonical('1:0:0:2::3')")]
    [InlineData("ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified() && ip('127.9.9.9').isLoopback() && ip('::1').isLoopback()")]
    [InlineData("ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast()")]
    [InlineData("ip('169.254.169.254').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast() && !ip('fd80::1').isLinkLocalUnicast()")]
    [InlineData("ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()")]
    [InlineData("string(ip('::')) == '::' && string(ip('1::')) == '1::' && ip('::1') == ip('0:0:0:0:0:0:0:1')")]
    public void An_address_tells_its_properties(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("isCIDR('192.168.0.0/16') && isCIDR('::1/128') && !isCIDR('192.168.0.0/33') && !isCIDR('::1/129') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/08')")]
    [InlineData("cidr('192.168.0.0/24').containsIP(ip('192.168.0.1')) && !cidr('192.168.0.0/24').containsIP('192.168.1.1')")]
    [InlineData("cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && !cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.0/16'))")]
    [InlineData("cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('192.168.0.1/24') != cidr('192.168.0.1/24').masked()")]
    [InlineData("cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && cidr('::1/128').prefixLength() == 128 && string(cidr('10.0.0.0/8')) == '10.0.0.0/8'")]
    [InlineData("cidr('0.0.0.0/0').containsIP('8.8.8.8') && !cidr('0.0.0.0/0').containsIP('::1')")]
    public void A_network_contains_its_addresses(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("isSemver('1.0.0') && isSemver('0.1.0-alpha.1+b') && !isSemver('hello') && !isSemver('v1.0') && !isSemver('01.0.0')")]
    [InlineData("isSemver('v1.0', true) && semver('01.01.01', true) == semver('1.1.1') && !isSemver('1-a', true)")]
    [InlineData("semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3")]
    [InlineData("semver('1.2.3').compareTo(semver('2.0.0')) == -1 && semver('1.0.0').isGreaterThan(semver('1.0.0-rc.1'))")]
    [InlineData("semver('1.0.0-alpha').isLessThan(semver('1.0.0-alpha.1')) && semver('1.0.0-2').isLessThan(semver('1.0.0-10')) && semver('1.0.0-1').isLessThan(semver('1.0.0-a'))")]
    [InlineData("semver('1.0.0+a') == semver('1.0.0+b')")]
    public void A_version_compares_by_precedence(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("!format.dns1123Label().validate('my-label').hasValue() && format.dns1123Label().validate('-x').hasValue()")]
    [InlineData("format.dns1123Label().validate('My').value().size() == 1 && !format.dns1123LabelPrefix().validate('my-').hasValue()")]
    [InlineData("!format.dns1123Subdomain().validate('a.b-c.d').hasValue() && format.dns1123Subdomain().validate('a..b').hasValue()")]
    [InlineData("format.dns1035Label().validate('1a').hasValue() && !format.dns1035Label().validate('a1').hasValue()")]
    [InlineData("!format.qualifiedName().validate('tailscale.com/expose').hasValue() && format.qualifiedName().validate('/x').hasValue()")]
    [InlineData("!format.labelValue().validate('').hasValue() && format.labelValue().validate('a b').hasValue()")]
    [InlineData("!format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue() && !format.date().validate('2021-01-01').hasValue()")]
    [InlineData("format.named('byte').value().validate('aGVsbG8=') == optional.none() && !format.named('nonsense').hasValue()")]
    [InlineData("format.datetime().validate('2021-01-01').hasValue() && !format.uri().validate('https://x/').hasValue()")]
    public void A_named_format_lists_the_faults_of_a_text(string expression) => Assert.True(Expressions.IsTrue(expression));
}
