/** Passwords of eight and more characters that every guessing attack tries first, in lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  !@#$%^&* !@#$%^&*( !@#$%^&*() !qaz2wsx !qaz@wsx 00000000 000000000 0000000000 00000001 00001111 00112233 01010101
  01020304 0102030405 01234560 01234567 012345678 0123456789 09876543 098765432 0987654321 10203040 1020304050
  11111111 111111111 1111111111 11112222 1111222233334444 11221122 11223344 1122334455 112233445566 11qq22ww
  12121212 121212121 1212121212 123123123 123123123123 123321123 1233211234567 12341234 12344321 123454321
  1234554321 12345612 123456123 123456123456 123456654321 12345678 123456781 123456788 123456789 1234567890
  12345678901 1234567890a 1234567890q 1234567891 12345678910 1234567899 123456789a 123456789q 123456789z 12345678a
  12345678q 12345679 1234567a 1234567q 12345687 123456a1 123456aa 123456abc 123456qwe 123456qwerty 123457890
  12345abc 12345qwe 12345qwert 1234abcd 1234password 1234qwer 123abc123 123password 123qwe123 123qweasd 123qweasdzxc
  12qwaszx 12wq12wq 13131313 13579246 135792468 1357924680 14141414 14725836 147258369 1472583690 147852369 14789632
  147896325 15151515 159357159 159753159 159753456 159951159 16161616 17171717 18181818 19191919 19841984 1a2b3c4d
  1a2b3c4d5e 1password 1q2w3e4r 1q2w3e4r! 1q2w3e4r5t 1q2w3e4r5t6y 1qaz1qaz 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 1z2x3c4v
  20002000 20202020 21212121 22222222 222222222 22446688 23232323 24681012 246810121 24682468 25252525 25802580
  258258258 26262626 27272727 28282828 29292929 31313131 31415926 314159265 3141592654 32323232 33333333 333333333
  36363636 36925814 369258147 42424242 4321rewq 44444444 444444444 45454545 456456456 45678912 456789123 50505050
  54545454 55555555 555555555 5555555555 55667788 56565656 65656565 66666666 666666666 69696969 74185296 741852963
  753951456 75757575 7654321a 77777777 777777777 7777777777 78787878 78945612 789456123 7894561230 789456789
  789789789 80808080 85858585 87654321 876543210 88888888 888888888 8888888888 89898989 90909090 951753852 96385274
  963852741 98765432 987654321 9876543210 98989898 99999999 999999999 9999999999 a1234567 a12345678 a123456789
  a1b2c3d4 a1b2c3d4e5 a1s2d3f4 aa123456 aa12345678 aaa12345 aaaaaaa1 aaaaaaaa aaaaaaaaa aaaaaaaaaa aaaabbbb aabbccdd
  ab123456 ab12345678 abc12345 abc123456 abc1234567 abc12345678 abc123456789 abc123abc abcabc123 abcd1234 abcd12345
  abcd123456 abcde123 abcde12345 abcdefg1 abcdefgh abcdefgh1 abcdefghi abcdefghij abracadabra access14 admin!23
  admin123 admin1234 admin12345 admin123456 admin2024 admin2025 admin2026 admin@123 adminadmin administrator
  administrator1 airplane albatros alejandra alejandro alexande alexander alexandra alexandre american anderson
  andromeda angelica angelina anthony1 antonio1 applepie arsenal1 asdf1234 asdf12345 asdfasdf asdfghjk asdfghjkl
  asdfghjkl1 asdfjkl1 asdfjkl; asdfqwer asdzxc123 asshole1 atlantic atlantis australia autumn2024 autumn2025
  autumn2026 azerty123 azertyuiop babygirl babygirl1 babylove backspace backup123 badboy123 ballet12 barbara1
  barcelona barcelona1 baseball baseball1 basketball basketball1 bbbbbbbb beautiful beautiful1 benjamin bigdaddy
  birthday birthday1 blackcat blackjack blahblah bluebird bluesky1 bonjour1 bradford brandon1 broncos1 brooklyn
  bulldogs butterfly butterfly1 butthead cardinal carolina caroline catherine cccccccc celtic88 champion changeit
  changeme changeme1 changeme123 charlie1 charlotte cheesecake chelsea1 cherokee chevrolet chicago1 chicken1
  children chocolate chocolate1 christian christina christine christmas christopher cinderella cisco123 classic1
  clifford cocacola coffee123 colorado columbia computer computer1 computer123 connect1 consumer
  correcthorsebatterystaple corvette corvette1 courtney cowboys1 cristina crystal1 daniel123 danielle darkness
  darkside database dddddddd dearbook december default1 defaultpassword destiny1 diamond1 dinosaur discover dolphin1
  dolphins domination dragon12 dragon123 dragonball dreamer1 einstein electric elephant elizabeth elizabeth1
  emmanuel enterprise eternity everton1 explorer facebook facebook1 familyguy fantasia february fernando ferrari1
  ffffffff fireball firebird firefly1 florence flowers1 football football1 football12 football123 forever1 forever21
  formula1 fountain francesca francisco franklin freedom1 freedom123 friends1 friendship fuckyou! fuckyou1
  fuckyou123 fuckyou2 gabriel1 gangster garfield gateway1 geronimo gfhjkm123 gggggggg giovanni gladiator godzilla
  goldfish goodluck google123 gordon24 grandma1 greenday greenday1 guest123 guestguest guitar123 hahahaha hallo123
  hallo1234 hamilton hannah123 happiness happy123 harley123 harrypotter hawaii50 heather1 hello123 hello1234
  hellohello hellokitty helloworld hhhhhhhh holiday1 hollywood homework hongkong horses123 hotmail1 hurricane
  iamadmin iceman123 iloveme1 iloveme123 iloveyou iloveyou! iloveyou1 iloveyou12 iloveyou123 iloveyou2 iloveyou3
  iloveyou7 imissyou immortal infinity internet inuyasha isabella isabelle jackson1 jackson5 jasmine1 jenkins1
  jennifer jeremiah jessica1 jessica123 jesus123 jesuschrist jjjjjjjj johannes johnny123 jonathan jordan123 jordan23
  josephine juventus katherine kathleen killer123 kimberly kingdom1 kingkong kkkkkkkk kristina lakers24 lasvegas
  lavender leonardo letmein! letmein1 letmein123 letmeinnow letmepass liberty1 lifehack limewire lincoln1 linux123
  liverpool liverpool1 llllllll login123 loginlogin logitech lollipop lovelove lovely123 loveme123 loveyou1
  loveyou123 lucky123 macintosh mackenzie madison1 maganda1 magdalena malcolm1 manager1 manager123 manchester
  manchester1 manutd123 margaret marie123 marihuana marijuana marlboro marseille martin123 maryjane master123
  matthew1 maverick maximus1 melissa1 mercedes mercedes1 metallic metallica metallica1 michael1 michael123 michelle
  microlab microsoft midnight midnight1 milkshake minecraft minecraft1 mississippi misspiggy mitchell mmmmmmmm
  mohammed monalisa monitor1 monkey12 monkey123 montana1 montgomery montreal moonlight morrison motherlode motorola
  mountain mountain1 mustang1 mypassword mypassword1 mysql123 naruto123 natasha1 nathalie nathaniel network1
  newcastle newpassword newyork1 nicholas nicholas1 nicole123 nightmare nintendo nirvana1 nnnnnnnn northside
  november october1 octopus1 oldpassword olivia123 oooooooo opensesame operator operator1 oracle123 p0o9i8u7
  p@$$w0rd p@$$word p@ssw0rd p@ssw0rd! p@ssw0rd1 p@ssw0rd123 p@ssword p@ssword1 p@ssword123 pa$$w0rd pa$$word
  pa$$word1 pa55w0rd pa55word pakistan panasonic paradise paramore pass1234 pass12345 pass123456 passion1 passpass
  passpass1 passport passw0rd passw0rd! passw0rd1 passw0rd12 passw0rd123 password password! password!! password#1
  password$ password. password0 password00 password01 password02 password1 password1! password10 password11
  password12 password12! password123 password123! password1234 password12345 password123456 password1password
  password2 password2023 password2024 password2025 password2026 password21 password22 password23 password3 password4
  password5 password6 password69 password7 password77 password8 password88 password9 password99 password? password@
  passwort passwort1 passwort123 patricia patrick1 peaches1 peanut123 pebbles1 penelope peter123 phoenix1 pineapple
  platinum playboy1 playstation pokemon1 pokemon12 pokemon123 politics poohbear popcorn1 porsche911 postgres
  postgres1 postgresql pppppppp precious predator preston1 princesa princess princess1 princess12 princess123
  priscilla professor purple123 q1q1q1q1 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx12 qazwsx123 qazwsxedc qqqqqqqq
  qqww1122 qwaszx12 qwe123qwe qweasd123 qweasdzxc qweqweqwe qwer1234 qwer12345 qwert123 qwert12345 qwerty!@#
  qwerty01 qwerty1! qwerty12 qwerty123 qwerty123! qwerty1234 qwerty12345 qwerty123456 qwerty77 qwerty99 qwertyqwerty
  qwertyui qwertyuiop qwertyuiop123 qwertz123 qwertzui qwertzuiop rainbow1 rammstein ranger123 raspberry raspberrypi
  rebecca1 redis123 redskins1 rhapsody richard1 robert123 rockstar rockstar1 rockyou1 rolltide ronaldo7 root1234
  root@123 rootroot rosebud1 roserose rrrrrrrr russell1 samantha samsung1 samsung123 sandiego santiago saturday
  scarface scorpio1 scorpion scotland sebastian secret123 secret1234 security security1 september serenity server123
  service1 service123 sesame123 shadow12 shadow123 sharingan sherlock shopping silver123 simpsons skateboard
  skittles slipknot slipknot1 snickers snowball snowboard snowflake softball softball1 southpark southside spiderman
  spiderman1 spongebob spongebob1 spring2024 spring2025 spring2026 springfield ssssssss starcraft stargate starwars
  steelers steelers1 stephanie stephen1 strawberry stupid123 success1 summer123 summer2023 summer2024 summer2025
  summer2026 sunflower sunshine sunshine1 sunshine123 superman superman1 superman123 supersecret superstar
  superstar1 support1 support123 swimming swordfish system123 tazmania techn9ne technology teddybear telephone
  temp1234 temporary temppass tennessee terminator test1234 test12345 testing1 testing123 testpassword testtest
  thailand thailand1 thankyou thebest1 thebest123 thegreat thomas123 thumper1 thunderbird tiffany1 tiger123
  tigger123 tinkerbell tomorrow toor1234 topsecret tottenham training transformer trewq321 trinidad trinity1
  tristan1 trombone truelove trustme1 trustno1 tttttttt twilight ubuntu123 undertaker unicorn1 universal universe
  user1234 username username1 userpassword valencia valentin valentina valentine vanessa1 veronica victoria victory1
  vietnam1 virginia volkswagen vvvvvvvv warcraft warcraft1 warhammer warriors washington wedding1 wednesday welcome1
  welcome12 welcome123 welcome2 welcome2024 welcome2025 welcome2026 welcome@123 westside whatever whiskers william1
  williams windows1 winston1 winter2023 winter2024 winter2025 winter2026 wolfgang wolverine wonderland woodland
  wordpass wwwwwwww xavier123 xbox360live xxxxxxx1 xxxxxxxx yankees1 yankees2 yellow123 yourmom1 yourpassword
  yugioh123 yyyyyyyy zachary1 zaq12wsx zaq1xsw2 zaq1zaq1 zeppelin zxcasdqwe zxcasdqwe123 zxcvbnm, zxcvbnm,. zxcvbnm1
  zxcvbnm123 zxcvzxcv zzzzzzzz
`
    .trim()
    .split(/\s+/),
);
