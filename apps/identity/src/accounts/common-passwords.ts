/**
 * Words that the passwords guessed first are made of, without the digits and signs around them. A password
 * that is one of these and nothing else is refused however long the digits make it.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `password passwort passphrase passwd passcode mypassword newpassword thepassword changeme changeit
   changepassword changethis default defaultpassword secret mysecret topsecret supersecret letmein letmeinnow
   welcome welcomehome welcomeback admin administrator adminadmin rootroot root toor superuser superadmin
   sysadmin user username login loginlogin access guest test testtest testing testpassword demo example sample
   temp temporary temppassword qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx
   qazwsxedc iloveyou iloveu loveyou ilovegod iloveme lovelove lovely loveme forever foreverlove together
   baseball football basketball softball volleyball hockey soccer liverpool chelsea arsenal barcelona
   manchester juventus realmadrid superman batman spiderman ironman starwars startrek pokemon pikachu
   naruto minecraft fortnite counterstrike warcraft worldofwarcraft dragon dragonball master masterkey monkey
   shadow sunshine princess flower butterfly rainbow chocolate cheese cookie banana cherry strawberry
   summer summertime winter wintertime spring autumn january february march april june july august september
   october november december monday tuesday wednesday thursday friday saturday sunday
   michael michelle jennifer jessica jordan daniel andrew thomas charlie samantha nicole ashley matthew
   christopher alexander elizabeth anthony joshua robert william
   computer internet samsung google facebook twitter instagram youtube amazon microsoft windows apple iphone
   android linux ubuntu debian oracle mysql postgres postgresql mongodb redis docker kubernetes jenkins gitlab
   github javascript python developer programmer hacker hackerman server database company
   freedom whatever trustno trustnoone nothing something unknown undefined blink mustang harley ferrari porsche
   mercedes corvette yamaha jesus jesuschrist heaven godisgood blessed angel angels familia family friends
   friendship mother father brother sister babygirl sweetheart beautiful hello helloworld hellohello
   goodmorning goodluck good lucky luckyone money millionaire business security secure private
   australia america brazil canada china england france germany india indonesia japan london newyork paris
   russia shanghai beijing zhongguo woaini woaiwojia wodemima mima mimamima aini nihao nihaoma
   contrasena contraseña senha motdepasse parola haslo lozinka wachtwoord sifre
   пароль йцукен приветпривет привет любовь
   lyceum lyceumadmin community`.split(/\s+/),
);
